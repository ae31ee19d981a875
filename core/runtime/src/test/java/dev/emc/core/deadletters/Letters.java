package dev.emc.core.deadletters;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.core.engine.DeadLetter;

/** Dead letters for tests. */
final class Letters {

    static final Instant TIME = Instant.parse("2026-11-22T10:15:30.123456Z");

    private Letters() {}

    static ConnectorRecord.Builder<?> event(String id) {
        return ConnectorRecord.builder().attribute("id", id).attribute("source", "/shop").attribute("type", "order.created")
                .topic("orders").text("{\"total\":17}").contentType("application/json");
    }

    static DeadLetter letter(ConnectorRecord record) {
        return letter(record, null);
    }

    static DeadLetter letter(ConnectorRecord record, Position position) {
        return new DeadLetter(record, null, position, new PermanentException("no such column 'total'."), 3, "w",
                "file-sink", TIME);
    }

    static DeadLetter unreadable(byte[] body) {
        return new DeadLetter(null, body, null, new PermanentException("no event"), 0, "w", "file-sink", TIME);
    }

    static List<DeadLetterEntry> all(DeadLetterFile file) throws IOException {
        try (DeadLetterReader reader = file.read()) {
            return all(reader);
        }
    }

    static List<DeadLetterEntry> all(DeadLetterReader reader) throws IOException {
        List<DeadLetterEntry> entries = new ArrayList<>();
        for (DeadLetterEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.add(entry);
        }
        return entries;
    }

    /** The event ids of all letters. */
    static List<String> events(DeadLetterFile file) throws Exception {
        List<String> ids = new ArrayList<>();
        for (DeadLetterEntry entry : all(file)) {
            ids.add(entry.record().id());
        }
        return ids;
    }
}
