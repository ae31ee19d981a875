package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.testkit.EmcProcess;

/** What a user reads, and the exit code, when something is wrong with what he says. */
class CommandLineTest {

    @TempDir
    Path folder;

    @Test
    void aTypoIsNamedWithLineAndTheKeyThatWasMeant() throws Exception {
        write("sink.yaml", "mesh:\n  topic: t\nconnector:\n  pth: out.log\n");
        assertSays(2, "sink.yaml:4: connector.pth: unknown key; did you mean connector.path?", "--config", "sink.yaml");
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        assertSays(2, "snik.yaml", "--config", "snik.yaml");
    }

    @Test
    void anUnknownCommandIsUsage() throws Exception {
        assertSays(2, "valdate", "valdate");
    }

    @Test
    void aMeshThatIsNotThereEndsWithThree() throws Exception {
        int port = EmcProcess.freePort();
        write("sink.yaml", "mesh:\n  address: 127.0.0.1:" + port + "\n  topic: t\n  connect-timeout: 1s\n"
                + "connector:\n  path: out.log\n");
        assertSays(3, "The mesh at 127.0.0.1:" + port + " can't be reached", "--config", "sink.yaml");
    }

    @Test
    void theExampleIsAValidFile() throws Exception {
        String example = said(0, "describe", "--format", "example");
        write("sink.yaml", example);
        assertSays(0, "sink.yaml is valid", "validate", "--config", "sink.yaml");
    }

    @Test
    void aFileOfEventMeshIsValid() throws Exception {
        write("sink-config.yml", """
                pubSubConfig:
                  meshAddress: 127.0.0.1:10000
                  subject: TopicTest
                  idc: FT
                  env: PRD
                  group: fileSink
                  appId: 5031
                  userName: fileSinkUser
                  passWord: filePassWord
                connectorConfig:
                  connectorName: fileSink
                  topic: TopicTest
                flushSize: 1000
                hourlyFlushEnabled: false
                """);
        String said = said(0, "validate", "--config", "sink-config.yml");
        assertTrue(said.contains("sink-config.yml is valid"), said);
        assertFalse(said.contains("filePassWord"), said);
    }

    @Test
    void theVersionNamesConnectorAndRuntime() throws Exception {
        assertSays(0, "emc-file-sink ", "version");
    }

    private void assertSays(int exitCode, String text, String... arguments) throws Exception {
        String said = said(exitCode, arguments);
        assertTrue(said.contains(text), said);
        assertFalse(said.contains("\tat "), said);
    }

    private String said(int exitCode, String... arguments) throws IOException, InterruptedException {
        try (EmcProcess process = EmcProcess.start("file-sink", folder, arguments)) {
            int actual = process.awaitExit(Duration.ofSeconds(60));
            assertEquals(exitCode, actual, process::output);
            return process.output();
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
