package dev.emc.core.deployment;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.quarkus.test.QuarkusUnitTest;

/** A wrong name fails the build, with the names that would work. */
class UnknownConnectorTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = ConnectorApp.of("list-snik").assertException(failure -> {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        assertTrue(messages.toString().contains("emc.connector=list-snik is none of the connectors on the class path;"
                + " set it to one of: list-sink, list-source"), messages::toString);
    });

    @Test
    void theBuildFails() {
        fail("the application was built");
    }
}
