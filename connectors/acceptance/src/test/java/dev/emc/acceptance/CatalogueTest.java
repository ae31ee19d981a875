package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import dev.emc.testkit.EmcProcess;

/** The catalogue says what the connectors say of themselves, and what was measured. */
class CatalogueTest {

    @Test
    void everyPageIsUpToDate() throws Exception {
        Path root = EmcProcess.root();
        ProcessBuilder check = new ProcessBuilder(root.resolve("src-docs/generate").toString(), "--check")
                .redirectErrorStream(true);
        check.environment().put("EMC_ARTIFACTS", System.getProperty("emc.artifacts", "jar"));
        check.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = check.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
