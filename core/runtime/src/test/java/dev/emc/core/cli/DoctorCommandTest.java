package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.core.cli.CommandLineFixture.Outcome;
import dev.emc.core.config.Descriptors;

/** Without a mesh: what {@code doctor} says of a mesh is tested with the mesh channel. */
class DoctorCommandTest extends CommandTest {

    private int nobody;

    @BeforeEach
    void prepare() throws Exception {
        emc.descriptor = Descriptors.fileSource();
        emc.variables.put("EMC_HTTP_ENABLED", "false");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
    }

    private Outcome doctor(String... arguments) {
        String file = emc.file("source.yaml", "mesh:\n  topic: t\n  address: 127.0.0.1:" + nobody
                + "\nconnector.path: x\nregistry.path: " + folder + "/registry\ndead-letters.path: " + folder + "/dead\n");
        String[] all = new String[arguments.length + 3];
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        all[0] = "doctor";
        all[1] = "-c";
        all[2] = file;
        return emc.execute(all);
    }

    @Test
    void everyCheckIsALine() {
        emc.beans.checks = List.of(Check.passed("file x", "2 bytes"), Check.failed("disk", "is full", "make room"));

        assertEquals(new Outcome(3, """
                ok      config source.yaml: file-source, x → topic t
                FAILED  mesh 127.0.0.1:%d: can't be reached (Connection refused)
                        start EventMesh there, or correct mesh.address
                ok      file x: 2 bytes
                FAILED  disk: is full
                        make room
                ok      registry in the folder registry: nothing of worker test yet: it starts afresh
                ok      registry folder registry: is not there yet and can be created
                ok      dead letter folder dead: is not there yet and can be created
                ok      http: switched off
                """.formatted(nobody), ""), doctor());
    }

    @Test
    void aTerminalHasSymbols() {
        emc.symbols = true;
        emc.beans.checks = List.of(Check.passed("file x", "2 bytes"), Check.failed("disk", "is full", "make room"));

        assertTrue(doctor().out().contains("\n✓ file x: 2 bytes\n✗ disk: is full\n  → make room\n"), doctor().out());
    }

    @Test
    void jsonHasTheChecksAndTheFailedOnesAmongTheErrors() throws Exception {
        JsonNode envelope = new ObjectMapper().readTree(doctor("--json").out());

        assertFalse(envelope.path("ok").asBoolean());
        assertEquals("config source.yaml", envelope.path("result").path("checks").path(0).path("subject").asText());
        assertTrue(envelope.path("result").path("checks").path(0).path("passed").asBoolean());
        assertEquals(1, envelope.path("errors").size());
        assertEquals("mesh 127.0.0.1:" + nobody + ": can't be reached (Connection refused)",
                envelope.path("errors").path(0).path("message").asText());
        assertEquals("start EventMesh there, or correct mesh.address",
                envelope.path("errors").path(0).path("suggestion").asText());
    }

    @Test
    void nothingIsTriedWithABadFile() {
        emc.beans.problems = List.of(new ConfigProblem("path", "is odd"));

        assertEquals(2, doctor().exitCode());
        assertTrue(doctor().err().startsWith("source.yaml:4: connector.path: is odd\n"), doctor().err());
    }

    @Test
    void aFileInPlaceOfTheRegistrysFolderIsSaid() throws Exception {
        Files.writeString(folder.resolve("registry"), "");

        assertTrue(doctor().out().contains("FAILED  registry folder registry: registry is a file, not a folder\n"
                + "        correct registry.path\n"), doctor().out());
    }

    @Test
    void aFailureOfTheConnectorsCheckIsACheck() {
        emc.beans.failure = new IllegalStateException("no luck");

        assertTrue(doctor().out().contains("FAILED  connector: no luck\n"), doctor().out());
    }

    @Test
    void aTakenPortIsSaid() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            emc.variables.put("EMC_HTTP_ENABLED", "true");
            emc.variables.put("EMC_HTTP_PORT", Integer.toString(socket.getLocalPort()));

            String expected = "FAILED  http port 127.0.0.1:" + socket.getLocalPort()
                    + ": is taken by another process\n        set http.port to a free one, or http.enabled to false\n";
            assertTrue(doctor().out().contains(expected), doctor().out());
        }
    }

    @Test
    void aFreePortIsSaid() {
        emc.variables.put("EMC_HTTP_ENABLED", "true");
        emc.variables.put("EMC_HTTP_PORT", Integer.toString(nobody));

        assertTrue(doctor().out().contains("ok      http port 127.0.0.1:" + nobody + ": is free\n"), doctor().out());
    }

    @Test
    void nothingIsMade() throws Exception {
        doctor();

        try (var files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("source.yaml")), files.toList());
        }
    }

    @Test
    void aSourceWhoseSystemKeepsThePositionsNeedsNoRegistry() throws Exception {
        emc.beans.selfCoordinated();
        Files.writeString(folder.resolve("registry"), "");

        assertTrue(doctor().out().contains("ok      registry: not used: the outside system itself keeps the positions\n"),
                doctor().out());
        assertFalse(doctor().out().contains("registry folder"), doctor().out());
    }
}
