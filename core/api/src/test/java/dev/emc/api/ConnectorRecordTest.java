package dev.emc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class ConnectorRecordTest {

    private final ConnectorRecord.Builder<?> builder = ConnectorRecord.builder();

    @Test
    void theLastValueOfAnAttributeCountsAtItsFirstPlace() {
        ConnectorRecord record = builder.attribute("id", "1").attribute("source", "s").attribute("id", "2").build();
        assertEquals("2", record.id());
        assertEquals(List.of("id", "source"), new ArrayList<>(record.attributes().keySet()));
    }

    @Test
    void noValueRemovesAnAttribute() {
        ConnectorRecord record = builder.attribute("id", "1").attribute("a", 1).attribute("b", true).attribute("a", null)
                .attribute("none", null).build();
        assertNull(record.attribute("a"));
        assertEquals(Map.of("id", "1", "b", true), record.attributes());
    }

    @Test
    void veryManyAttributesKeepTheirOrder() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            names.add("a" + i);
            builder.attribute("a" + i, i);
        }
        builder.attribute("a5", "five").attribute("a99", null);
        names.remove("a99");
        ConnectorRecord record = builder.build();
        assertEquals(names, new ArrayList<>(record.attributes().keySet()));
        assertEquals("five", record.attribute("a5"));
        assertEquals("16", record.attribute("a16"));
    }

    @Test
    void aRecordStaysAsItWasBuilt() {
        for (int count : new int[]{3, 30}) {
            for (int i = 0; i < count; i++) {
                builder.attribute("a" + i, i);
            }
            ConnectorRecord record = builder.build();
            builder.attribute("a0", "changed").attribute("more", 1);
            assertEquals("0", record.attribute("a0"));
            assertEquals(count, record.attributes().size());
            builder.attribute("more", null);
        }
    }
}
