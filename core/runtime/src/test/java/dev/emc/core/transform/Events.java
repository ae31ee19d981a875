package dev.emc.core.transform;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.core.engine.Processing;

/** Records and transforms that tests need. */
final class Events {

    private Events() {}

    /** An event {@code order.created} from {@code urn:shop} with subject, time and three extensions. */
    static ConnectorRecord.Builder<?> order() {
        return ConnectorRecord.builder().topic("orders").attribute("id", "1").attribute("source", "urn:shop")
                .attribute("type", "order.created").attribute("subject", "orders/1").attribute("region", "eu")
                .attribute("items", 3).attribute("express", true).timestamp(Instant.parse("2026-11-22T15:00:00Z"))
                .contentType("application/json").text("{\"order\":{\"id\":7}}");
    }

    static TransformSettings rename(Map<String, String> names) {
        return new TransformSettings(names, List.of(), Map.of(), null, null, null);
    }

    static TransformSettings drop(String... names) {
        return new TransformSettings(Map.of(), List.of(names), Map.of(), null, null, null);
    }

    static TransformSettings set(String name, String value) {
        return new TransformSettings(Map.of(), List.of(), Map.of(name, value), null, null, null);
    }

    static TransformSettings payload(String pick, String wrap, TransformSettings.Convert convert) {
        return new TransformSettings(Map.of(), List.of(), Map.of(), pick, wrap, convert);
    }

    static Processing processing(TransformSettings settings) {
        try {
            return Transforms.of(null, settings);
        } catch (InvalidFilterException e) {
            throw new IllegalStateException(e);
        }
    }

    static ConnectorRecord transformed(ConnectorRecord record, TransformSettings settings) throws PermanentException {
        return processing(settings).process(record);
    }
}
