package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> KEYS = Descriptors.fileSink().keys().stream().map(Descriptor.Key::name).toList();

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"mesh.adress, mesh.address", "connector.pth, connector.path",
            "mehs.address, mesh.address", "mesh.ackTimeout, mesh.ack-timeout", "mesh.ack_timeout, mesh.ack-timeout",
            "address, mesh.address", "topic, mesh.topic", "connector.topic, mesh.topic", "mesh.fsync, connector.fsync",
            "MESH.TOPIC, mesh.topic", "inflight.max-records, in-flight.max-records", "max-record, batch.max-records",
            "connector.topics, mesh.topic", "connector.zzz, -", "frobnicate, -", "x, -"})
    void theKeyThatWasProbablyMeantIsFound(String key, String expected) {
        assertEquals(expected, Nearest.key(key, KEYS));
    }
}
