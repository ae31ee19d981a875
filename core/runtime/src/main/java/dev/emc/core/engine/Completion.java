package dev.emc.core.engine;

import java.util.Map;
import java.util.UUID;

import dev.emc.api.SourceRecord;

/** Fills in what an event must have and the source has left out. */
final class Completion {

    private final String defaultSource;

    /** @param worker its name */
    Completion(String worker) {
        this.defaultSource = "emc:" + worker;
    }

    /** The record of an entry as a whole event; each time with the same id. */
    SourceRecord complete(Entry entry) {
        SourceRecord record = entry.record;
        Map<String, Object> attributes = record.attributes();
        boolean id = attributes.containsKey("id");
        boolean origin = attributes.containsKey("source");
        boolean type = attributes.containsKey("type");
        if (id && origin && type) {
            return record;
        }
        SourceRecord.Builder builder = SourceRecord.like(record);
        if (!id) {
            builder.attribute("id", id(entry));
        }
        if (!origin) {
            builder.attribute("source", defaultSource);
        }
        if (!type) {
            builder.attribute("type", "dev.emc.record");
        }
        return builder.build();
    }

    private static String id(Entry entry) {
        String stable = entry.stableId();
        if (stable != null) {
            return stable;
        }
        String given = entry.outgoing == null ? null : entry.outgoing.id();
        return given != null ? given : UUID.randomUUID().toString();
    }
}
