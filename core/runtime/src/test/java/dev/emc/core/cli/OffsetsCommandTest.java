package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.emc.api.Position;
import dev.emc.core.cli.CommandLineFixture.Outcome;
import dev.emc.core.config.Descriptors;
import dev.emc.core.registry.FileOffsets;
import dev.emc.core.registry.FileRegistry;

class OffsetsCommandTest extends CommandTest {

    private static final Position A = new Position(Map.of("file", "a"), Map.of("byte", 10, "path", "a.log", "whole", false));
    private static final Position B = new Position(Map.of("file", "b", "begin", 7), Map.of("byte", 20));

    @BeforeEach
    void prepare() {
        emc.descriptor = Descriptors.fileSource();
        emc.beans.name = "file-source";
        emc.file("source.yaml", "mesh.topic: t\nconnector.path: x\nregistry.path: " + folder + "/registry\n");
    }

    private void store(Position... positions) throws Exception {
        try (var registry = new FileRegistry(folder.resolve("registry"))) {
            registry.open("file-source");
            registry.save(List.of(positions));
        }
    }

    private Collection<Position> stored() throws Exception {
        return OffsetsCommand.sorted(new FileOffsets(folder.resolve("registry")).read("file-source").orElseThrow().positions());
    }

    private Outcome offsets(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "offsets";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--config";
        all[arguments.length + 2] = folder + "/source.yaml";
        return emc.execute(all);
    }

    @Test
    void showListsThePartitions() throws Exception {
        store(A, B);

        assertEquals(new Outcome(0, """
                worker file-source in the folder registry; nobody holds the lease
                PARTITION       OFFSET
                begin=7 file=b  byte=20
                file=a          byte=10 path=a.log whole=false
                """, ""), offsets("show"));
    }

    @Test
    void showTellsWhoHoldsTheLease() throws Exception {
        store(A);
        try (var registry = new FileRegistry(folder.resolve("registry"))) {
            registry.open("file-source");

            String holder = "the lease is held by pid " + ProcessHandle.current().pid();
            assertTrue(offsets("show").out().contains(holder), offsets("show").out());
        }
    }

    @Test
    void showOfNothingNamesWhoHasSomething() throws Exception {
        try (var registry = new FileRegistry(folder.resolve("registry"))) {
            registry.open("other");
            registry.save(List.of(A));
        }

        assertEquals(new Outcome(2, "",
                "nothing is stored of worker file-source in the folder registry; there is something of other\n"),
                offsets("show"));
    }

    @Test
    void showIsAnEnvelopeWithJson() throws Exception {
        store(B);

        JsonNode result = new ObjectMapper().readTree(offsets("show", "--json").out()).path("result");

        assertEquals("file-source", result.path("worker").asText());
        assertEquals("{\"begin\":7,\"file\":\"b\"}", result.path("positions").path(0).path("partition").toString());
        assertEquals("{\"byte\":20}", result.path("positions").path(0).path("offset").toString());
        assertTrue(result.path("holder").isNull());
    }

    @Test
    void setChangesOneValueOfOnePartition() throws Exception {
        store(A, B);

        assertEquals(new Outcome(0, """
                file=a: byte=10 path=a.log whole=false → byte=4 path=a.log whole=false
                changed 1 partition of worker file-source in the folder registry
                """, ""), offsets("set", "--partition", "file=a", "--offset", "byte=4"));
        assertEquals(List.of(B, new Position(A.partition(), Map.of("byte", 4, "path", "a.log", "whole", false))), stored());
    }

    @Test
    void setWithoutAValueRemovesIt() throws Exception {
        store(A);

        offsets("set", "--all", "--offset", "path=", "--offset", "whole=true");

        assertEquals(List.of(new Position(A.partition(), Map.of("byte", 10, "whole", true))), stored());
    }

    @Test
    void settingWhatIsThereChangesNothing() throws Exception {
        store(B);

        assertEquals(new Outcome(0, "nothing to change\n", ""), offsets("set", "--all", "--offset", "byte=20"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "set --all|say what to set with --offset KEY=VALUE; the command \"offsets show\" lists the offsets that there are",
            "set -o byte=1|say which partition with --partition KEY=VALUE, or --all; the command \"offsets show\" lists them",
            "reset|say which partition with --partition KEY=VALUE, or --all; the command \"offsets show\" lists them",
            "reset --all -p file=a|say which partition with --partition KEY=VALUE, or --all; the command \"offsets show\" lists them",
            "set -p file=c -o byte=1|there is no partition file=c; there is begin=7 file=b, file=a",
            "set -p file=a -o bite=1|the offset of file=a has no \"bite\", but byte, path, whole",
            "set -p file=a -o byte|--offset: expected KEY=VALUE, not \"byte\"",
            "set -p file=a -o byte=x|--offset byte: expected a whole number, not \"x\"",
            "set -p file=a -o whole=x|--offset whole: expected true or false, not \"x\"",
            "import missing.json|missing.json: the file does not exist"})
    void whatCannotBeDoneIsSaid(String arguments, String expected) throws Exception {
        store(A, B);

        assertEquals(new Outcome(2, "", expected + "\n"), offsets(arguments.split(" ")));
        assertEquals(List.of(B, A), stored());
    }

    @Test
    void severalPartitionsOfAValueAreNamed() throws Exception {
        Position first = new Position(Map.of("topic", "t", "queue", 0), Map.of("n", 1));
        Position second = new Position(Map.of("topic", "t", "queue", 1), Map.of("n", 1));
        store(first, second);

        assertEquals("2 partitions have topic=t; there is queue=0 topic=t, queue=1 topic=t\n",
                offsets("reset", "-p", "topic=t").err());
    }

    @Test
    void resetForgetsAPartition() throws Exception {
        store(A, B);

        assertEquals("""
                begin=7 file=b: byte=20 → (none)
                changed 1 partition of worker file-source in the folder registry
                """, offsets("reset", "-p", "file=b").out());
        assertEquals(List.of(A), stored());
    }

    @Test
    void resetForgetsAll() throws Exception {
        store(A, B);

        offsets("reset", "--all");

        assertEquals(List.of(), stored());
    }

    @Test
    void importReadsWhatExportPrints() throws Exception {
        store(A, B);
        String file = emc.file("offsets.json", offsets("export").out());
        offsets("reset", "--all");

        assertEquals(0, offsets("import", file).exitCode());
        assertEquals(List.of(B, A), stored());
    }

    @Test
    void importRefusesWhatIsNoExport() throws Exception {
        store(A);

        Outcome outcome = offsets("import", emc.file("x.json", "{\"positions\": [{\"partition\": {}}]}"));

        assertEquals(2, outcome.exitCode());
        assertTrue(outcome.err().contains("x.json can't be read as offsets"), outcome.err());
        assertEquals(List.of(A), stored());
    }

    @Test
    void aRunningWorkersOffsetsAreRefused() throws Exception {
        store(A);
        try (var registry = new FileRegistry(folder.resolve("registry"))) {
            registry.open("file-source");

            Outcome outcome = offsets("reset", "--all");

            assertEquals(3, outcome.exitCode());
            assertEquals("worker file-source is running (pid " + ProcessHandle.current().pid()
                    + "), and only it may change this; stop it, or use --force, which the registry of the type redis allows\n",
                    outcome.err());
        }
        assertEquals(List.of(A), stored());
    }

    @Test
    void aSinkKeepsNone() {
        emc.descriptor = Descriptors.fileSink();

        assertEquals(new Outcome(2, "", "a sink keeps no offsets: the mesh knows how far its group has come\n"),
                offsets("show"));
    }

    @Test
    void aSourceWhoseSystemKeepsThePositionsHasNone() {
        emc.beans.selfCoordinated();

        assertEquals(new Outcome(2, "", "the outside system itself keeps the positions of this source, so there are no offsets"
                + " here; look at them, and change them, with its own tools\n"), offsets("show"));
    }
}
