package dev.emc.jdbc;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

import dev.emc.api.Source;
import dev.emc.core.observe.HttpServer;

/** The application is a JDBC source and nothing else. */
@QuarkusTest
@TestProfile(JdbcSourceApplicationTest.Settings.class)
class JdbcSourceApplicationTest {

    @Inject
    Source source;

    @Inject
    HttpServer http;

    @Test
    void itsConnectorIsTheJdbcSource() {
        assertInstanceOf(JdbcSource.class, source);
    }

    @Test
    void itsStatusNamesTheConnector() throws IOException {
        http.start();
        given().port(http.port().getAsInt()).get("/status").then().statusCode(200).body("connector", is("jdbc-source"));
    }

    /** What a config file would say. */
    public static class Settings implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("emc.mesh.topic", "rows", "emc.connector.url", "jdbc:postgresql://127.0.0.1:1/shop",
                    "emc.connector.tables", "orders", "emc.http.port", "0");
        }
    }
}
