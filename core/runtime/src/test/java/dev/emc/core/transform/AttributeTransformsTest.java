package dev.emc.core.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.emc.api.Acknowledgement;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;

class AttributeTransformsTest {

    private final ConnectorRecord order = Events.order().build();

    @Test
    void aRenamedAttributeKeepsItsValueWithItsType() throws Exception {
        ConnectorRecord record = Events.transformed(order, Events.rename(Map.of("items", "count", "express", "fast")));

        assertEquals(3, record.attributes().get("count"));
        assertEquals(true, record.attributes().get("fast"));
        assertFalse(record.attributes().containsKey("items") || record.attributes().containsKey("express"));
    }

    @Test
    void aRenamedAttributeReplacesTheOneOfItsNewName() throws Exception {
        assertEquals("eu", Events.transformed(order, Events.rename(Map.of("region", "subject"))).attribute("subject"));
    }

    @Test
    void anAbsentAttributeLeavesTheOneOfItsNewName() throws Exception {
        assertSame(order, Events.transformed(order, Events.rename(Map.of("coupon", "subject"))));
    }

    @Test
    void twoAttributesCanSwapTheirNames() throws Exception {
        ConnectorRecord record = Events.transformed(order, Events.rename(Map.of("region", "subject", "subject", "region")));

        assertEquals("eu", record.attribute("subject"));
        assertEquals("orders/1", record.attribute("region"));
    }

    @Test
    void anIntegerBecomesTextInAnAttributeOfCloudEvents() throws Exception {
        assertEquals("3", Events.transformed(order, Events.rename(Map.of("items", "subject"))).attributes().get("subject"));
    }

    @Test
    void theTimeCanBecomeAnExtension() throws Exception {
        ConnectorRecord record = Events.transformed(order, Events.rename(Map.of("time", "orderedat")));

        assertNull(record.timestamp());
        assertEquals("2026-11-22T15:00:00Z", record.attribute("orderedat"));
    }

    @Test
    void anExtensionCanBecomeTheTime() throws Exception {
        ConnectorRecord record = Events.order().attribute("orderedat", "2026-01-02T03:04:05+01:00").build();

        assertEquals(Instant.parse("2026-01-02T02:04:05Z"),
                Events.transformed(record, Events.rename(Map.of("orderedat", "time"))).timestamp());
    }

    @Test
    void whatIsNoTimeCannotBecomeTheTime() {
        assertEquals("Event '1' would have the time 'eu', which is no date and time such as 2026-11-22T15:00:00Z.",
                failure(order, Events.rename(Map.of("region", "time"))));
    }

    @Test
    void theContentTypeCanBeRenamed() throws Exception {
        ConnectorRecord record = Events.transformed(order, Events.rename(Map.of("datacontenttype", "oldtype")));

        assertNull(record.contentType());
        assertEquals("application/json", record.attribute("oldtype"));
    }

    @Test
    void anEmptyAttributeCannotBecomeTheType() {
        assertEquals("Event '1' would have an empty type.",
                failure(Events.order().attribute("kind", "").build(), Events.rename(Map.of("kind", "type"))));
    }

    @Test
    void droppedAttributesAreGone() throws Exception {
        ConnectorRecord record = Events.transformed(order,
                Events.drop("region", "time", "datacontenttype", "subject", "coupon"));

        assertEquals(List.of("id", "source", "type", "items", "express"), List.copyOf(record.attributes().keySet()));
        assertNull(record.timestamp());
        assertNull(record.contentType());
    }

    @Test
    void aSetAttributeReplacesTheOneThatIsThere() throws Exception {
        assertEquals("us", Events.transformed(order, Events.set("region", "us")).attribute("region"));
    }

    @Test
    void aSetAttributeIsText() throws Exception {
        assertEquals("5", Events.transformed(order, Events.set("items", "5")).attributes().get("items"));
    }

    @Test
    void theContentTypeCanBeSet() throws Exception {
        assertEquals("text/csv", Events.transformed(order, Events.set("datacontenttype", "text/csv")).contentType());
    }

    @Test
    void theTimeCanBeSet() throws Exception {
        assertEquals(Instant.EPOCH, Events.transformed(order, Events.set("time", "1970-01-01T00:00:00Z")).timestamp());
    }

    @Test
    void renameComesBeforeSet() throws Exception {
        ConnectorRecord record = Events.transformed(order, new TransformSettings(Map.of("type", "oldtype"), List.of("region"),
                Map.of("type", "order.v2"), null, null, null));

        assertEquals("order.created", record.attribute("oldtype"));
        assertEquals("order.v2", record.attribute("type"));
        assertNull(record.attribute("region"));
    }

    @Test
    void anEventThatIsAsItShouldBeStaysTheSameInstance() throws Exception {
        assertSame(order, Events.transformed(order, new TransformSettings(Map.of("coupon", "x"), List.of("y"),
                Map.of("region", "eu", "datacontenttype", "application/json", "time", "2026-11-22T15:00:00Z"), null, null,
                null)));
    }

    @Test
    void dataAndTopicStayWhatTheyAre() throws Exception {
        ConnectorRecord record = Events.transformed(order, Events.set("region", "us"));

        assertSame(order.data(), record.data());
        assertEquals("orders", record.topic());
    }

    @Test
    void aRecordOfASourceKeepsItsPosition() throws Exception {
        Position position = new Position(Map.of("file", "a"), Map.of("byte", 1));
        ConnectorRecord record = Events.transformed(
                SourceRecord.at(position).attributes(order.attributes()).build(), Events.set("region", "us"));

        assertSame(position, ((SourceRecord) record).progress());
    }

    @Test
    void aRecordOfASourceKeepsItsAcknowledgement() throws Exception {
        Acknowledgement acknowledgement = new Acknowledgement() {
            @Override
            public void accepted() {}

            @Override
            public void rejected(Exception reason) {}
        };
        ConnectorRecord record = Events.transformed(
                SourceRecord.acknowledgedBy(acknowledgement).attributes(order.attributes()).build(), Events.drop("region"));

        assertSame(acknowledgement, ((SourceRecord) record).progress());
    }

    private static String failure(ConnectorRecord record, TransformSettings settings) {
        return assertThrows(PermanentException.class, () -> Events.transformed(record, settings)).getMessage();
    }
}
