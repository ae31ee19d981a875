package dev.emc.jdbc;

import java.util.ArrayList;
import java.util.List;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;

/** A sink without a worker. */
final class SinkRun implements AutoCloseable {

    private final JdbcSink sink;
    private int number;

    /** Starts a sink of this configuration. */
    SinkRun(JdbcSinkConfig config) throws Exception {
        sink = new JdbcSink(config);
        try {
            sink.start(null);
        } catch (Exception e) {
            sink.close();
            throw e;
        }
    }

    /** Makes an event with a JSON payload. */
    ConnectorRecord event(String json) {
        return event("order.created", json);
    }

    ConnectorRecord event(String type, String json) {
        return ConnectorRecord.builder().attribute("id", "e" + ++number).attribute("source", "/shop").attribute("type", type)
                .text(json).contentType("application/json").build();
    }

    /** Writes events of these payloads as one batch. @return the messages of those that failed */
    List<String> put(String... payloads) throws Exception {
        List<ConnectorRecord> batch = new ArrayList<>();
        for (String payload : payloads) {
            batch.add(event(payload));
        }
        return put(batch);
    }

    /** Writes a batch. @return the messages of those that failed */
    List<String> put(List<ConnectorRecord> batch) throws Exception {
        return sink.put(batch).stream().map(Failure::error).map(Throwable::getMessage).toList();
    }

    @Override
    public void close() {
        sink.close();
    }
}
