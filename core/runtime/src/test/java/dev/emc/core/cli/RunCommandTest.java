package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.smallrye.config.SmallRyeConfigBuilder;

import dev.emc.api.ConfigProblem;
import dev.emc.core.cli.CommandLineFixture.Outcome;
import dev.emc.core.config.Descriptors;
import dev.emc.core.config.EmcConfigBuilder;

class RunCommandTest extends CommandTest {

    private static final Result DONE = new Result(ExitCode.OK, "", null, List.of(), null);

    private final AtomicReference<RunTask> launched = new AtomicReference<>();

    @BeforeEach
    void prepare() {
        emc.launcher = task -> {
            launched.set((RunTask) task);
            return DONE;
        };
    }

    @Test
    void runIsWhatHappensWithoutACommand() {
        assertEquals(new Outcome(0, "", ""), emc.execute("--config", valid()));
        assertEquals("t", launched.get().settings().values().get("mesh.topic"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config nowhere.yaml --log json", "--confg x --log json", "--confg x --log=json",
            "-c BAD --log json",
            "-c BAD_IN_JSON", "-c WARNED --log json", "--log json surplus"})
    void everyLineForMachinesIsOneObject(String arguments) throws IOException {
        String bad = emc.file("bad.yaml", "mesh.topc: t\nmesh.window: x\n");
        String badInJson = emc.file("bad-in-json.yaml", "log.format: json\nmesh.topc: t\n");
        String warned = emc.file("warned.yaml", "mesh.topic: t\nconnector.path: x\n");
        emc.variables.put("EMC_MESH_ADRESS", "h:1");

        Outcome outcome = emc.execute(arguments.replace("BAD_IN_JSON", badInJson).replace("BAD", bad).replace("WARNED", warned)
                .split(" "));

        assertFalse(outcome.err().isEmpty());
        for (String line : outcome.err().lines().toList()) {
            JsonNode object = new ObjectMapper().readTree(line);
            assertTrue(object.path("level").asText().matches("ERROR|WARN|INFO"), line);
            assertFalse(object.path("message").asText().isEmpty(), line);
        }
    }

    @Test
    void anErrorForMachinesSaysTheSameAsForPeople() throws IOException {
        String file = emc.file("sink.yaml", "mesh.topic: t\nconnector.path: x\nmesh.window: x\n");

        List<String> lines = emc.execute("-c", file, "--log", "json").err().lines().toList();

        assertEquals("sink.yaml:3: mesh.window: expected a whole number, not \"x\"",
                new ObjectMapper().readTree(lines.get(0)).path("message").asText());
    }

    @Test
    void whyTheApplicationDidNotStartIsALogLineForMachines() throws IOException {
        emc.launcher = task -> new StartFailure(ExitCode.FAILED, "could not start: no luck").result();

        Outcome outcome = emc.execute("-c", valid(), "--log", "json");

        assertEquals("could not start: no luck", new ObjectMapper().readTree(outcome.err()).path("message").asText());
        assertEquals(ExitCode.FAILED, outcome.exitCode());
    }

    @Test
    void runMayBeNamed() {
        emc.execute("run", "-c", valid());

        assertEquals("t", launched.get().settings().values().get("mesh.topic"));
    }

    @Test
    void theSettingsAreAcceptedBeforeTheWorkerStarts() {
        var seen = new AtomicReference<String>();
        emc.launcher = task -> {
            seen.set(new EmcConfigBuilder().configBuilder(new SmallRyeConfigBuilder()).build().getValue("emc.connector.path",
                    String.class));
            return DONE;
        };
        emc.execute("-c", valid());

        assertEquals("x", seen.get());
    }

    @Test
    void nothingStartsWithABadFile() {
        Outcome outcome = emc.execute("-c", emc.file("sink.yaml", "mesh.topic: t\nconnector.pth: x\n"));

        assertEquals(2, outcome.exitCode());
        assertNull(launched.get());
    }

    @Test
    void theWorkersExitCodeIsOurs() {
        emc.launcher = task -> new Result(ExitCode.UNREACHABLE, "", null, List.of(), null);

        assertEquals(new Outcome(3, "", ""), emc.execute("-c", valid()));
    }

    @Test
    void aFailureOfTheLauncherIsOneLine() {
        emc.launcher = task -> {
            throw new IllegalStateException("no luck");
        };

        assertEquals(new Outcome(1, "", "run failed: no luck\n"), emc.execute("-c", valid()));
    }

    @Test
    void untilIdleIsASetting() {
        emc.execute("-c", valid(), "--until-idle", "30s");

        assertEquals("PT30S", launched.get().settings().values().get("until-idle"));
    }

    @Test
    void aBadUntilIdleIsNamedByItsOption() {
        assertEquals("--until-idle: expected a duration such as 500ms, 10s, 5m, 1h or 1d, not \"30\"; did you mean 30s?",
                emc.execute("-c", valid(), "--until-idle", "30").err().lines().findFirst().get());
    }

    @Test
    void logIsASetting() {
        emc.execute("-c", valid(), "--log", "json");

        assertEquals("json", launched.get().settings().values().get("log.format"));
    }

    @Test
    void aTerminalHasALiveLine() {
        emc.terminal = true;
        emc.execute("-c", valid());

        assertTrue(launched.get().live());
    }

    @Test
    void betweenJsonLogLinesThereIsNoLiveLine() {
        emc.terminal = true;
        emc.execute("-c", valid(), "--log", "json");

        assertFalse(launched.get().live());
    }

    @Test
    void notesAreOneLineAtTheStart() {
        String file = emc.file("sink-config.yml",
                "pubSubConfig.subject: t\nhourlyFlushEnabled: false\nconnectorConfig.topic: t\n");

        assertEquals("sink-config.yml: note: 2 keys have no effect; \"emc-file-sink validate\" says why\n",
                emc.execute("-c", file).err());
    }

    @Test
    void warningsAreSaidAtTheStart() {
        emc.variables.put("EMC_MESH_ADRESS", "h:1");

        assertEquals("EMC_MESH_ADRESS: warning: this environment variable sets no key; did you mean EMC_MESH_ADDRESS?\n",
                emc.execute("-c", valid()).err());
    }

    @Test
    void whatTheConnectorFindsWrongIsSaidLikeTheOthers() {
        emc.launcher = null;
        emc.beans.problems = List.of(new ConfigProblem("path", "has a { without }", "close it"));

        assertEquals(new Outcome(2, "", """
                sink.yaml:2: connector.path: has a { without }; close it
                correct this and check with "emc-file-sink validate --config sink.yaml"; "emc-file-sink describe" lists the keys
                """), emc.execute("-c", valid()));
    }

    @Test
    void recordsAndAnAnswerInJsonDoNotMix() {
        assertEquals(2, emc.execute("-c", valid(), "--set", "connector.path=-", "--json").exitCode());
        assertNull(launched.get());
    }

    @Test
    void aSourceThatReadsStandardInputAnswersInJson() {
        emc.descriptor = Descriptors.fileSource();

        assertEquals(0, emc.execute("-c", valid(), "--set", "connector.path=-", "--json").exitCode());
    }

    private String valid() {
        return emc.file("sink.yaml", "mesh.topic: t\nconnector.path: x\n");
    }
}
