package dev.emc.core.deployment;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.quarkus.test.QuarkusUnitTest;

/** Health, metrics and status of a worker that nobody has started. */
class ObserveTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = ConnectorApp.of("list-source");

    @Test
    void isAlive() {
        given().get("/q/health/live").then().statusCode(200).body("status", is("UP"))
                .body("checks[0].data.state", is("created"));
    }

    @Test
    void isNotReadyAndSaysWhy() {
        given().get("/q/health/ready").then().statusCode(503).body("status", is("DOWN"))
                .body("checks[0].data.reason", is("not started"));
    }

    @Test
    void hasMetricsForPrometheus() {
        given().get("/q/metrics").then().statusCode(200).contentType(containsString("text/plain"))
                .body(containsString("emc_records_delivered_total{connector=\"list-source\"} 0.0"));
    }

    @Test
    void hasAStatus() {
        given().get("/status").then().statusCode(200).body("name", equalTo("list-source")).body("state", is("created"))
                .body("ready", is(false)).body("delivered", is(0));
    }
}
