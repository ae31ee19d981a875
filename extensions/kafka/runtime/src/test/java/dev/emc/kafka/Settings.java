package dev.emc.kafka;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import dev.emc.testkit.Configs;

/** Settings of tests. */
final class Settings {

    private Settings() {}

    /** @param keysAndValues in turns */
    static Map<String, String> of(String... keysAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** A configuration made the way Quarkus makes it; keys without {@code connector.}. */
    static <T> T config(Class<T> type, Map<String, String> keys) {
        Map<String, String> values = new LinkedHashMap<>();
        keys.forEach((key, value) -> values.put(quoted(key), value));
        return Configs.of(type, values);
    }

    /** Kafka's own properties are keys of a map, with dots in them. */
    private static String quoted(String key) {
        return key.replaceFirst("^(consumer|producer|headers)\\.(.*)$", "$1.\"$2\"");
    }

    static KafkaSourceConfig source(String... keysAndValues) {
        return config(KafkaSourceConfig.class, of(keysAndValues));
    }

    static KafkaSinkConfig sink(String... keysAndValues) {
        return config(KafkaSinkConfig.class, of(keysAndValues));
    }

    /** The headers of a record as text. */
    static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
