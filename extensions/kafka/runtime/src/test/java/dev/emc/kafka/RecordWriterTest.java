package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.wire.StructuredJson;

class RecordWriterTest {

    private ConnectorRecord.Builder<?> event = ConnectorRecord.builder().attribute("id", "7").attribute("source", "/shop")
            .attribute("type", "order").attribute("subject", "Süd").attribute("count", 3).text("{\"customer\":{\"id\":\"c1\"}}")
            .contentType("application/json").timestamp(Instant.parse("2026-01-02T03:04:05.678Z")).topic("mesh-orders");

    private ProducerRecord<byte[], byte[]> write(String... settings) throws PermanentException {
        Map<String, String> keys = Settings.of("bootstrap-servers", "127.0.0.1:9092", "topic", "orders");
        keys.putAll(Settings.of(settings));
        return new RecordWriter(Settings.config(KafkaSinkConfig.class, keys)).write(event.build());
    }

    private static Map<String, String> headers(ProducerRecord<?, ?> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void binaryModeWritesAttributesAsHeaders() throws Exception {
        ProducerRecord<byte[], byte[]> record = write();
        assertEquals(new TreeMap<>(Settings.of("ce_specversion", "1.0", "ce_id", "7", "ce_source", "/shop", "ce_type", "order",
                "ce_subject", "Süd", "ce_count", "3", "ce_time", "2026-01-02T03:04:05.678Z", "content-type",
                "application/json")), headers(record));
        assertEquals("{\"customer\":{\"id\":\"c1\"}}", text(record.value()));
    }

    @Test
    void structuredModeWritesTheWholeEvent() throws Exception {
        ProducerRecord<byte[], byte[]> record = write("format", "structured");
        assertEquals(Map.of("content-type", "application/cloudevents+json; charset=UTF-8"), headers(record));
        assertEquals(event.build().attributes(), StructuredJson.read(record.value()).attributes());
    }

    @Test
    void dataModeWritesNoAttributes() throws Exception {
        assertEquals(Map.of("content-type", "application/json"), headers(write("format", "data")));
    }

    @Test
    void furtherHeadersAreFilledIn() throws Exception {
        assertEquals("order of c1",
                headers(write("format", "data", "headers.X-What", "{type} of {/customer/id}")).get("X-What"));
    }

    @Test
    void theKeyIsThePartitionKey() throws Exception {
        event.attribute("partitionkey", "c2");
        assertEquals("c2", text(write().key()));
    }

    @Test
    void aKeyThatWasNoTextIsRestored() throws Exception {
        event.attribute("kafkakeybase64", "/wD+");
        assertArrayEquals(new byte[]{(byte) 0xff, 0, (byte) 0xfe}, write().key());
    }

    @Test
    void brokenBase64IsABadRecord() {
        event.attribute("kafkakeybase64", "?");
        assertThrows(PermanentException.class, this::write);
    }

    @Test
    void thereIsNoKeyWithoutOne() throws Exception {
        assertNull(write().key());
    }

    @Test
    void theKeyMayBeFilledIn() throws Exception {
        assertEquals("order/c1", text(write("key", "{type}/{/customer/id}").key()));
    }

    @Test
    void anEmptyKeyIsNone() throws Exception {
        assertNull(write("key", "{/customer/name|}").key());
    }

    @Test
    void theTopicMayBeFilledIn() throws Exception {
        assertEquals("mesh-orders.order", write("topic", "{topic}.{type}").topic());
    }

    @Test
    void anEventWithoutWhatTheTopicNeedsIsBad() {
        PermanentException wrong = assertThrows(PermanentException.class, () -> write("topic", "{tenant}"));
        assertTrue(wrong.getMessage().contains("tenant"), wrong.getMessage());
    }

    @Test
    void anEventWithAnEmptyTopicIsBad() {
        event.attribute("tenant", "");
        assertThrows(PermanentException.class, () -> write("topic", "{tenant}"));
    }

    @Test
    void noDataIsATombstone() throws Exception {
        event.data(null);
        assertNull(write().value());
    }

    @Test
    void noDataMayBeAnEmptyValue() throws Exception {
        event.data(null);
        assertArrayEquals(new byte[0], write("no-data", "empty").value());
    }

    @Test
    void emptyDataIsNoTombstone() throws Exception {
        event.data(new byte[0]);
        assertArrayEquals(new byte[0], write().value());
    }

    @Test
    void theTimeIsLeftToTheProducer() throws Exception {
        assertNull(write().timestamp());
    }

    @Test
    void theTimeMayBeTheEvents() throws Exception {
        assertEquals(1767323045678L, write("timestamp", "event").timestamp());
    }

    @Test
    void aTimeBeforeKafkasIsABadRecord() {
        event.timestamp(Instant.parse("1969-12-31T23:59:59Z"));
        assertThrows(PermanentException.class, () -> write("timestamp", "event"));
    }
}
