package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

import dev.emc.api.Sink;

/** The application is a JDBC sink and nothing else. */
@QuarkusTest
@TestProfile(JdbcSinkApplicationTest.Settings.class)
class JdbcSinkApplicationTest {

    @Inject
    Sink sink;

    @Test
    void itsConnectorIsTheJdbcSink() {
        assertInstanceOf(JdbcSink.class, sink);
    }

    /** What a config file would say. */
    public static class Settings implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("emc.mesh.topic", "orders", "emc.connector.url", "jdbc:postgresql://localhost/shop",
                    "emc.connector.table", "orders", "emc.http.port", "0");
        }
    }
}
