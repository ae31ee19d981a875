package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.testkit.EmcProcess;

/** The pages of the catalogue say what the connectors say of themselves. */
class CatalogueTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"file-source", "file-sink"})
    void thePageIsUpToDate(String connector) throws Exception {
        try (EmcProcess process = EmcProcess.start(connector, folder, "describe", "--format", "markdown")) {
            assertEquals(0, process.awaitExit(Duration.ofSeconds(60)), process::output);
            String page = Files.readString(EmcProcess.root().resolve("src-docs/connectors/" + connector + ".md"));
            assertEquals(process.output(), page, "stale: run src-docs/generate");
        }
    }
}
