package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import io.smallrye.config.ConfigValidationException;

class StartFailureTest {

    @Test
    void aSettingThatCannotBeConvertedIsNamedWithoutItsValue() {
        StartFailure failure = StartFailure.of(new ConfigValidationException(new ConfigValidationException.Problem[]{
                new ConfigValidationException.Problem("java.lang.IllegalArgumentException: SRCFG00039: The config property"
                        + " emc.connector.pin with the config value \"hunter2\" threw an Exception")}));

        assertEquals(new StartFailure(2, "a value of the wrong kind: connector.pin; correct it and start again"), failure);
        assertFalse(failure.sentence().contains("hunter2"));
    }

    @Test
    void anythingElseIsSaidByItsCause() {
        assertEquals(new StartFailure(1, "could not start: no luck"),
                StartFailure.of(new RuntimeException("wrapped", new IllegalStateException("no luck"))));
    }
}
