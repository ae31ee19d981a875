package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.Position;
import dev.emc.api.SourceRecord;

class RecordReaderTest {

    private static final byte[] NO_TEXT = {(byte) 0xff, 0, (byte) 0xfe};
    private static final String EVENT = """
            {"specversion":"1.0","id":"7","source":"/shop","type":"order","time":"2026-01-02T03:04:05Z","big":true,\
            "datacontenttype":"text/plain","data":"hello"}""";

    private final RecordHeaders headers = new RecordHeaders();
    private byte[] key = "customer-1".getBytes(StandardCharsets.UTF_8);
    private byte[] value = "hello".getBytes(StandardCharsets.UTF_8);

    private SourceRecord read(String... settings) {
        return new RecordReader(config(settings)).read(new ConsumerRecord<>("orders", 3, 4711L, 1_700_000_000_123L,
                TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty()), 4713);
    }

    private static KafkaSourceConfig config(String... settings) {
        Map<String, String> keys = Settings.of("bootstrap-servers", "127.0.0.1:9092", "topics", "orders", "group", "g");
        keys.putAll(Settings.of(settings));
        return Settings.config(KafkaSourceConfig.class, keys);
    }

    private void header(String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void binaryEvent() {
        new LinkedHashMap<>(Settings.of("ce_specversion", "1.0", "ce_id", "7", "ce_source", "/shop", "ce_type", "order",
                "ce_subject", "Süd", "ce_time", "2026-01-02T03:04:05.678+02:00", "ce_tenant", "acme", "content-type",
                "application/json")).forEach(this::header);
    }

    @Test
    void aPlainRecordHasAStableId() {
        assertEquals("orders-3-4711", read().id());
    }

    @Test
    void aPlainRecordSaysWhereItIsFrom() {
        SourceRecord event = read();
        assertEquals("/kafka/orders", event.attribute("source"));
        assertEquals("dev.emc.kafka.record", event.attribute("type"));
        assertEquals("orders", event.attribute("kafkatopic"));
        assertEquals(3, event.attributes().get("kafkapartition"));
        assertEquals("4711", event.attribute("kafkaoffset"));
    }

    @Test
    void typeSourceAndMeshTopicMayNameTheTopic() {
        SourceRecord event = read("type", "rec.{topic}", "source", "urn:{topic}", "mesh-topic", "from-{topic}");
        assertEquals("rec.orders", event.attribute("type"));
        assertEquals("urn:orders", event.attribute("source"));
        assertEquals("from-orders", event.topic());
    }

    @Test
    void aPlainRecordHasTheTimeOfTheRecord() {
        assertEquals(Instant.ofEpochMilli(1_700_000_000_123L), read().timestamp());
    }

    @Test
    void thePositionIsWhereReadingGoesOn() {
        assertEquals(new Position(Map.of("topic", "orders", "partition", 3), Map.of("offset", 4713)), read().progress());
    }

    @Test
    void aKeyThatIsTextIsThePartitionKey() {
        assertEquals("customer-1", read().attribute("partitionkey"));
    }

    @Test
    void aKeyThatIsNoTextIsInBase64() {
        key = NO_TEXT;
        SourceRecord event = read();
        assertArrayEquals(NO_TEXT, Base64.getDecoder().decode(event.attribute("kafkakeybase64")));
        assertNull(event.attribute("partitionkey"));
    }

    @Test
    void aTombstoneIsAnEventWithoutData() {
        value = null;
        assertNull(read().data());
    }

    @Test
    void theContentTypeComesFromItsHeader() {
        header("content-type", "application/json");
        assertEquals("application/json", read("content-type", "text/plain").contentType());
    }

    @Test
    void theContentTypeWithoutAHeaderIsTheConfiguredOne() {
        assertEquals("text/plain", read("content-type", "text/plain").contentType());
    }

    @ParameterizedTest
    @CsvSource({"X-Request-Id, xrequestid", "traceparent, traceparent", "type, headertype", "kafka_offset, headerkafkaoffset",
            "__, header", "größe, gre", "emcdata, headeremcdata"})
    void headersBecomeExtensions(String header, String extension) {
        header(header, "wert ü");
        assertEquals("wert ü", read().attribute(extension));
    }

    @Test
    void aHeaderThatIsNoTextIsInBase64() {
        headers.add("raw", NO_TEXT);
        assertArrayEquals(NO_TEXT, Base64.getDecoder().decode(read().attribute("raw")));
    }

    @Test
    void aHeaderWithoutAValueIsLeftOut() {
        headers.add("nothing", null);
        assertNull(read().attribute("nothing"));
    }

    @Test
    void onlyTheWantedHeadersAreCarried() {
        header("Wanted", "1");
        header("other", "2");
        SourceRecord event = read("headers", "wanted,missing");
        assertEquals("1", event.attribute("wanted"));
        assertNull(event.attribute("other"));
    }

    @Test
    void noHeadersAreCarriedWhenNoneAreWanted() {
        header("other", "2");
        assertNull(read("headers", "none").attribute("other"));
    }

    @Test
    void anEventInHeadersKeepsItsIdentity() {
        binaryEvent();
        SourceRecord event = read();
        assertEquals("7", event.id());
        assertEquals("/shop", event.attribute("source"));
        assertEquals("order", event.attribute("type"));
        assertEquals("Süd", event.attribute("subject"));
        assertEquals("acme", event.attribute("tenant"));
        assertEquals(Instant.parse("2026-01-02T01:04:05.678Z"), event.timestamp());
        assertEquals("application/json", event.contentType());
        assertEquals("hello", event.text());
    }

    @Test
    void anEventInHeadersHasTheKeyAndTheOtherHeaders() {
        binaryEvent();
        header("traceparent", "00-1-2-01");
        SourceRecord event = read();
        assertEquals("customer-1", event.attribute("partitionkey"));
        assertEquals("00-1-2-01", event.attribute("traceparent"));
        assertEquals("4711", event.attribute("kafkaoffset"));
    }

    @Test
    void anEventKeepsAnAttributeThatAHeaderHasToo() {
        binaryEvent();
        header("tenant", "other");
        assertEquals("acme", read().attribute("tenant"));
    }

    @Test
    void anEventKeepsItsOwnPartitionKey() {
        binaryEvent();
        header("ce_partitionkey", "mine");
        assertEquals("mine", read().attribute("partitionkey"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/cloudevents+json", "Application/CloudEvents+JSON; charset=utf-8"})
    void anEventInJsonKeepsItsIdentity(String contentType) {
        header("content-type", contentType);
        value = EVENT.getBytes(StandardCharsets.UTF_8);
        SourceRecord event = read();
        assertNull(event.problem());
        assertEquals("7", event.id());
        assertEquals(true, event.attributes().get("big"));
        assertEquals("text/plain", event.contentType());
        assertEquals("hello", event.text());
        assertEquals("customer-1", event.attribute("partitionkey"));
    }

    @Test
    void brokenJsonIsAProblemWithWhatWasRead() {
        header("content-type", "application/cloudevents+json");
        value = "{\"id\":".getBytes(StandardCharsets.UTF_8);
        SourceRecord event = read();
        assertTrue(event.problem().getMessage().contains("record 4711 of partition 3 of topic orders"),
                event.problem().getMessage());
        assertArrayEquals(value, event.data());
        assertEquals("orders-3-4711", event.id());
    }

    @Test
    void anEventWithoutAnIdIsAProblem() {
        binaryEvent();
        headers.remove("ce_id");
        assertTrue(read().problem().getMessage().contains("ce_id"), () -> read().problem().getMessage());
    }

    @Test
    void aVersionThatIsNotKnownIsAProblem() {
        binaryEvent();
        headers.remove("ce_specversion");
        header("ce_specversion", "0.3");
        assertNotNull(read().problem());
    }

    @Test
    void aTombstoneThatShouldBeJsonIsAProblem() {
        header("content-type", "application/cloudevents+json");
        value = null;
        assertNotNull(read().problem());
    }

    @Test
    void eventsInAvroAreAProblem() {
        header("content-type", "application/cloudevents+avro");
        assertTrue(read().problem().getMessage().contains("avro"));
    }

    @Test
    void withoutCloudEventsEveryRecordIsPlain() {
        binaryEvent();
        SourceRecord event = read("cloudevents", "false");
        assertEquals("orders-3-4711", event.id());
        assertEquals("7", event.attribute("ceid"));
    }
}
