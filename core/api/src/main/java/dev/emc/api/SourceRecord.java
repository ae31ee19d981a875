package dev.emc.api;

import java.util.Objects;

/** A record of a source. It always has a position or an acknowledgement handle. */
public final class SourceRecord extends ConnectorRecord {

    private final Progress progress;
    private final PermanentException problem;

    private SourceRecord(Builder builder) {
        super(builder);
        this.progress = builder.progress;
        this.problem = builder.problem;
    }

    /** A builder of a record that stands at this position. */
    public static Builder at(Position position) {
        return new Builder(position);
    }

    /** A builder of a record whose sender waits for an answer. */
    public static Builder acknowledgedBy(Acknowledgement acknowledgement) {
        return new Builder(acknowledgement);
    }

    /** A builder of a record that stands at the same place as another one. */
    public static Builder like(SourceRecord other) {
        return new Builder(other.progress).problem(other.problem).data(other.data()).contentType(other.contentType())
                .timestamp(other.timestamp())
                .topic(other.topic()).attributes(other.attributes());
    }

    public Progress progress() {
        return progress;
    }

    /**
     * Why the record can't be sent; null when it can. A source sets it for what it has read and can't make a record of, such
     * as a row that doesn't parse: the data is what was read then. The worker treats the record as one that the mesh refuses.
     */
    public PermanentException problem() {
        return problem;
    }

    public static final class Builder extends ConnectorRecord.Builder<Builder> {

        private final Progress progress;
        private PermanentException problem;

        private Builder(Progress progress) {
            this.progress = Objects.requireNonNull(progress, "progress");
        }

        /** Marks the record as one that can't be sent; null: it can. */
        public Builder problem(PermanentException problem) {
            this.problem = problem;
            return this;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        public SourceRecord build() {
            return new SourceRecord(this);
        }
    }
}
