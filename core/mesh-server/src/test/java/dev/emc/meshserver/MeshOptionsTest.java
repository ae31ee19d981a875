package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.meshserver.MeshOptions.UsageException;

class MeshOptionsTest {

    @TempDir
    Path folder;

    private static MeshServerConfig parse(String... args) throws UsageException {
        return new MeshOptions().parse(args).build();
    }

    @Test
    void withoutOptionsItServesLoopbackInMemory() throws Exception {
        MeshServerConfig config = parse();
        assertEquals("127.0.0.1", config.host);
        assertEquals(10000, config.port);
        assertNull(config.data);
    }

    @Test
    void theDefaultsOfTheCommandLineAreThoseOfTheServer() throws Exception {
        MeshServerConfig line = parse();
        MeshServerConfig server = MeshServerConfig.builder().build();
        assertEquals(List.of(server.maxMemory, server.maxDisk, server.maxEvents, server.window, server.ackTimeout,
                server.idleTimeout, server.maxEventSize),
                List.of(line.maxMemory, line.maxDisk, line.maxEvents, line.window, line.ackTimeout, line.idleTimeout,
                        line.maxEventSize));
    }

    @Test
    void allOptionsAreTaken() throws Exception {
        MeshServerConfig config = parse("--port=0", "--host", "0.0.0.0", "--data", "d", "--max-memory", "1G", "--max-disk",
                "2048k", "--max-events", "7", "--max-event-size", "1000", "--window", "9", "--ack-timeout", "500ms",
                "--idle-timeout", "2m", "--drop-group", "t/a", "--drop-group", "t/b", "--imitate", "poison,lost-acks");
        assertEquals(List.of(0, "0.0.0.0", Path.of("d"), 1L << 30, 2L << 20, 7L, 1000, 9),
                List.of(config.port, config.host, config.data, config.maxMemory, config.maxDisk, config.maxEvents,
                        config.maxEventSize, config.window));
        assertEquals(List.of(Duration.ofMillis(500), Duration.ofMinutes(2)), List.of(config.ackTimeout, config.idleTimeout));
        assertEquals(Set.of("t/a", "t/b"), config.droppedGroups);
        assertEquals(Set.of(Quirk.POISON, Quirk.LOST_ACKS), config.quirks);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--prot 1 | There is no option --prot: did you mean --port?",
            "--port | Missing required parameter for option '--port' (PORT).",
            "--port x | Invalid value for option '--port': 'x' is not an int.",
            "--port 65536 | The value of --port is 65536, and it has to be from 0 to 65535.",
            "--max-memory 1T | Invalid value for option '--max-memory': '1T' is no size such as 512K, 256M or 8G.",
            "--ack-timeout 3 | Invalid value for option '--ack-timeout': '3' is no time such as 500ms, 30s or 5m.",
            "--ack-timeout 0s | The value of --ack-timeout has to be more than nothing.",
            "--max-event-size 5M | The value of --max-event-size is 5242880, and it has to be from 1 to 4193280.",
            "--imitate x | Invalid value for option '--imitate' (QUIRK): there is no quirk 'x', see emc-mesh --help.",
            "start | emc-mesh takes options only, not 'start'; see emc-mesh --help.",
    })
    void aWrongCommandLineIsSaidSoInOneSentence(String line, String message) {
        UsageException e = assertThrows(UsageException.class, () -> parse(line.split(" ")));
        assertEquals(message, e.getMessage());
    }

    @Test
    void helpNamesEveryQuirk() throws Exception {
        MeshOptions options = new MeshOptions();
        options.parse("--help");
        assertTrue(options.help());
        String usage = options.usage().replaceAll("\\s+", " ");
        for (Quirk quirk : Quirk.values()) {
            assertTrue(usage.contains(quirk.option()), quirk::option);
        }
    }

    @Test
    void theProgramSaysInTwoLinesThatItIsReadyAndNotForProduction() throws Exception {
        try (ChildMesh mesh = new ChildMesh("--port", "0")) {
            assertEquals(2, mesh.output.size(), mesh.output::toString);
            assertTrue(mesh.output.get(0).endsWith("production uses an EventMesh cluster."), mesh.output::toString);
        }
    }

    @Test
    void wrongUsageEndsWith2() throws Exception {
        try (ChildMesh mesh = new ChildMesh("--nonsense")) {
            assertEquals(2, mesh.exitCode());
            assertEquals(List.of("emc-mesh: There is no option --nonsense; see emc-mesh --help."), mesh.output);
        }
    }

    @Test
    void aLockedDataFolderEndsWith3() throws Exception {
        try (ChildMesh first = new ChildMesh("--port", "0", "--data", folder.toString());
                ChildMesh second = new ChildMesh("--port", "0", "--data", folder.toString())) {
            assertEquals(3, second.exitCode());
            assertEquals(1, second.output.size(), second.output::toString);
        }
    }

    @Test
    void sigtermEndsWith0() throws Exception {
        try (ChildMesh mesh = new ChildMesh("--port", "0")) {
            mesh.terminate();
            assertEquals(0, mesh.exitCode());
        }
    }

    @Test
    void versionIsPrintedAndItEnds() throws Exception {
        try (ChildMesh mesh = new ChildMesh("--version")) {
            assertEquals(0, mesh.exitCode());
            assertTrue(mesh.output.get(0).matches("emc-mesh \\d+\\.\\d+.*"), mesh.output::toString);
        }
    }
}
