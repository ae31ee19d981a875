package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.BindException;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;

import io.quarkus.runtime.QuarkusBindException;
import io.smallrye.config.ConfigValidationException;

class StartFailureTest {

    private static final String HOST = "127.0.0.1";

    @Test
    void aTakenPortIsSaid() {
        assertEquals(new StartFailure(2, "http.port 8080 of 127.0.0.1 is taken by another process; set http.port to a free"
                + " one, or http.enabled to false"),
                StartFailure.of(new QuarkusBindException(HOST, 8080, new BindException("Address already in use")), HOST));
    }

    @Test
    void anAddressThatIsNotOursIsSaid() {
        assertEquals(new StartFailure(2, "http.host 192.0.2.1 is no address of this machine; set http.host to 127.0.0.1, or"
                + " 0.0.0.0 for all"),
                StartFailure.of(new QuarkusBindException("192.0.2.1", -1, new BindException("Cannot assign")), "192.0.2.1"));
    }

    @Test
    void anUnknownHostNameIsSaid() {
        assertEquals(new StartFailure(2, "http.host nowhere is no address of this machine; set http.host to 127.0.0.1, or"
                + " 0.0.0.0 for all"),
                StartFailure.of(new RuntimeException(new UnknownHostException("nowhere")), "nowhere"));
    }

    @Test
    void aSettingThatCannotBeConvertedIsNamedWithoutItsValue() {
        StartFailure failure = StartFailure.of(new ConfigValidationException(new ConfigValidationException.Problem[]{
                new ConfigValidationException.Problem("java.lang.IllegalArgumentException: SRCFG00039: The config property"
                        + " emc.connector.pin with the config value \"hunter2\" threw an Exception")}),
                HOST);

        assertEquals(new StartFailure(2, "a value of the wrong kind: connector.pin; correct it and start again"), failure);
        assertFalse(failure.sentence().contains("hunter2"));
    }

    @Test
    void anythingElseIsSaidByItsCause() {
        assertEquals(new StartFailure(1, "could not start: no luck"),
                StartFailure.of(new RuntimeException("wrapped", new IllegalStateException("no luck")), HOST));
    }
}
