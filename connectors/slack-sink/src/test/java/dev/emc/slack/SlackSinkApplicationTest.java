package dev.emc.slack;

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

import dev.emc.api.Sink;
import dev.emc.core.observe.HttpServer;

/** The application is a Slack sink and nothing else. */
@QuarkusTest
@TestProfile(SlackSinkApplicationTest.Settings.class)
class SlackSinkApplicationTest {

    @Inject
    Sink sink;

    @Test
    void itsConnectorIsTheSlackSink() {
        assertInstanceOf(SlackSink.class, sink);
    }

    @Inject
    HttpServer http;

    @Test
    void itsStatusNamesTheConnector() throws IOException {
        http.start();
        given().port(http.port().getAsInt()).get("/status").then().statusCode(200).body("connector", is("slack-sink"));
    }

    /** What a config file would say. */
    public static class Settings implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("emc.mesh.topic", "hooks", "emc.http.port", "0");
        }
    }
}
