package dev.emc.core.deployment;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.quarkus.test.QuarkusUnitTest;
import io.restassured.specification.RequestSpecification;

import dev.emc.core.observe.HttpServer;

/** Health, metrics and status of a worker that nobody has started. */
class ObserveTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = ConnectorApp.of("list-source");

    @Inject
    HttpServer http;

    @BeforeEach
    void start() throws IOException {
        http.start();
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private RequestSpecification ask() {
        return given().baseUri("http://127.0.0.1").port(http.port().getAsInt());
    }

    @Test
    void isAlive() {
        ask().get("/q/health/live").then().statusCode(200).body("status", is("UP"))
                .body("checks[0].data.state", is("created"));
    }

    @Test
    void isNotReadyAndSaysWhy() {
        ask().get("/q/health/ready").then().statusCode(503).body("status", is("DOWN"))
                .body("checks[0].data.reason", is("not started"));
    }

    @Test
    void healthIsDownWhenOneCheckIs() {
        ask().get("/q/health").then().statusCode(503).body("status", is("DOWN")).body("checks[0].status", is("UP"))
                .body("checks[1].status", is("DOWN"));
    }

    @Test
    void hasMetricsForPrometheus() {
        ask().get("/q/metrics").then().statusCode(200).contentType(containsString("text/plain"))
                .body(containsString("emc_records_delivered_total{connector=\"list-source\"} 0.0"));
    }

    @Test
    void hasAStatus() {
        ask().get("/status").then().statusCode(200).body("name", equalTo("list-source")).body("state", is("created"))
                .body("ready", is(false)).body("delivered", is(0));
    }

    @Test
    void hasANumberForKedaToScaleOn() {
        ask().get("/scaler").then().statusCode(200).contentType("application/json").body("value", is(0))
                .body("inFlight", is(0)).body("deliveredPerSecond", is(0.0f));
    }

    @Test
    void ignoresTheQueryString() {
        ask().get("/status?pretty").then().statusCode(200).body("state", is("created"));
    }

    @Test
    void answersHeadWithoutABody() {
        ask().head("/status").then().statusCode(200).body(is(""));
    }

    @Test
    void tellsWhatThereIs() {
        ask().get("/elsewhere").then().statusCode(404).body(containsString("/q/health/ready"));
    }

    @Test
    void takesNothing() {
        ask().body("x").post("/status").then().statusCode(405).header("Allow", "GET, HEAD");
    }

    @Test
    void survivesWhatIsNoHttp() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port().getAsInt())) {
            socket.getOutputStream().write("\u0001nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        }
        ask().get("/q/health/live").then().statusCode(200);
    }

    @Test
    void nobodyListensOnceItIsClosed() {
        int port = http.port().getAsInt();
        http.close();
        assertThrows(ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
    }
}
