package dev.emc.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.quarkus.test.QuarkusUnitTest;

import dev.emc.api.FatalException;
import dev.emc.core.wiring.Registries;

/** A registry that the application was built without. */
class MissingRegistryTest {

    @RegisterExtension
    static final QuarkusUnitTest APP = ConnectorApp.of("list-source").overrideRuntimeConfigKey("emc.registry.type", "redis");

    @Inject
    Registries registries;

    @Test
    void itsAbsenceIsSaidInOneSentence() {
        String sentence = "this application was built without the registry of the type redis; set registry.type to file, or add"
                + " emc-registry-redis to its dependencies";
        assertEquals(sentence, assertThrows(FatalException.class, registries::registry).getMessage());
        assertEquals(sentence, assertThrows(FatalException.class, registries::offsets).getMessage());
    }
}
