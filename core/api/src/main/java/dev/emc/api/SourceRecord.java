package dev.emc.api;

import java.util.Objects;

/** A record of a source. It always has a position or an acknowledgement handle. */
public final class SourceRecord extends ConnectorRecord {

    private final Progress progress;

    private SourceRecord(Builder builder) {
        super(builder);
        this.progress = builder.progress;
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
        return new Builder(other.progress).data(other.data()).contentType(other.contentType()).timestamp(other.timestamp())
                .topic(other.topic()).attributes(other.attributes());
    }

    public Progress progress() {
        return progress;
    }

    public static final class Builder extends ConnectorRecord.Builder<Builder> {

        private final Progress progress;

        private Builder(Progress progress) {
            this.progress = Objects.requireNonNull(progress, "progress");
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
