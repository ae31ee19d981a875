package dev.emc.core.deadletters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.wire.EventCodec;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** A dead letter as it stands in its file. The payload is read from it when it is asked for. */
public final class DeadLetterEntry {

    private final Builder fields;
    private final boolean replayed;

    private DeadLetterEntry(Builder fields, boolean replayed) {
        this.fields = fields;
        this.replayed = replayed;
    }

    /** Names the letter among all of its worker, for example {@code mi3k2l9x0a1-17}. */
    public String id() {
        return fields.id;
    }

    /** When the record was given up. */
    public Instant time() {
        return fields.time;
    }

    public String worker() {
        return fields.worker;
    }

    /** The connector's name, for example {@code file-sink}. */
    public String connector() {
        return fields.connector;
    }

    /** Name of the error's class. */
    public String errorClass() {
        return fields.errorClass;
    }

    /** Why the record could not be delivered, one phrase for the user. */
    public String error() {
        return fields.error;
    }

    /** How often delivering it was tried; 0 when it never could be tried. */
    public int attempts() {
        return fields.attempts;
    }

    /** The topic that the record came from, or was to go to; empty for a source's own topic. */
    public Optional<String> topic() {
        return Optional.ofNullable(fields.topic);
    }

    /** Where the record stood in its source. */
    public Optional<Position> position() {
        return Optional.ofNullable(fields.position);
    }

    /** Whether its record is only what a source has read, of which it could make no record. */
    public boolean raw() {
        return fields.raw;
    }

    /** Whether it has been delivered in a replay, or has become another dead letter in one. */
    public boolean replayed() {
        return replayed;
    }

    /** Whether this is a record, and not only what the mesh pushed and nobody could read. */
    public boolean readable() {
        return fields.body == null;
    }

    /** What the mesh pushed and nobody could read; null when the letter is {@link #readable()}. */
    public byte[] body() {
        return fields.body;
    }

    /**
     * The record, with its topic.
     *
     * @throws EventFormatException when the letter isn't {@link #readable()}, or its event is damaged
     */
    public ConnectorRecord record() throws EventFormatException {
        return fill(ConnectorRecord.builder()).build();
    }

    /**
     * The record for sending it to the mesh again.
     *
     * @param builder where it is to stand
     * @throws EventFormatException as {@link #record()}
     */
    SourceRecord record(SourceRecord.Builder builder) throws EventFormatException {
        return fill(builder).build();
    }

    private <B extends ConnectorRecord.Builder<?>> B fill(B builder) throws EventFormatException {
        if (fields.event()) {
            StructuredJson.fill(fields.line, fields.eventStart, fields.eventEnd - fields.eventStart, builder);
        } else {
            ConnectorRecord record = fields.record != null ? fields.record : EventCodec.read(fields.body);
            builder.data(record.data()).contentType(record.contentType()).timestamp(record.timestamp())
                    .topic(record.topic()).attributes(record.attributes());
        }
        if (fields.topic != null) {
            builder.topic(fields.topic);
        }
        return builder;
    }

    /** The whole letter as it is kept: one JSON object on one line. */
    public String json() {
        return new String(fields.line, StandardCharsets.UTF_8).strip();
    }

    /** How long it is in the file, in bytes. */
    public int size() {
        return fields.line.length;
    }

    DeadLetterEntry replayed(boolean done) {
        return done == replayed ? this : new DeadLetterEntry(fields, done);
    }

    /** What was found in a line; mutable until built. */
    static final class Builder {

        final byte[] line;
        String id;
        Instant time;
        String worker = "";
        String connector = "";
        String errorClass = "";
        String error = "";
        int attempts;
        String topic;
        Position position;
        boolean raw;
        int eventStart;
        int eventEnd;
        ConnectorRecord record;
        byte[] body;

        Builder(byte[] line) {
            this.line = line;
        }

        boolean event() {
            return eventEnd > 0;
        }

        DeadLetterEntry build() throws IOException {
            if (id == null || time == null || !event() && record == null && body == null) {
                throw new IOException("this is no dead letter");
            }
            return new DeadLetterEntry(this, false);
        }
    }
}
