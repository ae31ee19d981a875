package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.emc.core.cli.CommandLineFixture.Outcome;
import dev.emc.core.config.Descriptors;

class CliTest extends CommandTest {

    @BeforeEach
    void prepare() {
        emc.launcher = task -> task instanceof RunTask ? Result.ok("", null) : task.run(emc.beans);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--confg f|unknown option --confg; did you mean --config?",
            "--confg=f|unknown option --confg; did you mean --config?",
            "--frobnicate|unknown option --frobnicate; \"emc-file-sink run --help\" lists the options",
            "validat|there is no command \"validat\"; did you mean validate?",
            "frobnicate|there is no command \"frobnicate\"; \"emc-file-sink help\" lists them",
            "--config|--config needs a value; write --config FILE", "--set|--set needs a value; write --set KEY=VALUE",
            "-c a -c b|--config is given twice; give it once",
            "-c f validate|the command \"validate\" must come first; write \"emc-file-sink validate …\"",
            "validate f.yaml|unexpected argument \"f.yaml\"; a config file is given with --config FILE",
            "version f|unexpected argument \"f\"; \"emc-file-sink version --help\" lists the options",
            "describe --format yaml|--format: expected text, sample, example, json-schema, markdown or json, not \"yaml\"",
            "describe --format exampel|--format: expected text, sample, example, json-schema, markdown or json, not \"exampel\"; did you mean example?",
            "help validat|there is no command \"validat\"; did you mean validate?",
            "offsets|say what to do with offsets: show, set, reset, export, import; \"emc-file-sink help offsets\" explains them",
            "offsets shwo|there is no command \"offsets shwo\"; did you mean offsets show?",
            "dead-letters list --limit x|--limit: expected a whole number, not \"x\"",
            "ofsets show|there is no command \"ofsets\"; did you mean offsets?",
            "reset|there is no command \"reset\"; did you mean offsets reset?",
            "offsets import|FILE is missing; \"emc-file-sink offsets import --help\" lists the options",
            "offsets --confg|unknown option --confg; \"emc-file-sink offsets --help\" lists the options"})
    void wrongUsageIsOneLine(String arguments, String expected) {
        assertEquals(new Outcome(2, "", expected + "\n"), emc.execute(arguments.split(" ")));
    }

    @Test
    void wrongUsageIsAnEnvelopeWithJson() {
        assertEquals(new Outcome(2, """
                {
                  "command": "validate",
                  "ok": false,
                  "result": null,
                  "errors": [ {
                    "severity": "error",
                    "file": null,
                    "line": null,
                    "key": null,
                    "message": "unknown option --confg",
                    "suggestion": "did you mean --config?"
                  } ]
                }
                """, ""), emc.execute("validate", "--confg", "f", "--json"));
    }

    @ParameterizedTest
    @CsvSource({"help", "--help", "-h"})
    void helpListsTheCommands(String argument) {
        Outcome outcome = emc.execute(argument);

        assertEquals(0, outcome.exitCode());
        for (Command command : Commands.all()) {
            assertTrue(outcome.out().matches("(?s).*\n  " + command.name() + " +" + Pattern.quote(command.summary()) + "\n.*"),
                    command.name());
        }
    }

    @ParameterizedTest
    @CsvSource({"help offsets", "offsets --help"})
    void helpOfAGroupListsItsCommands(String arguments) {
        assertEquals(new Outcome(0, """
                emc-file-sink offsets: how far a source has come: show, set, reset, export, import

                Commands:
                  offsets show    show the saved offset of each partition, and who holds the lease
                  offsets set     change the offset of a partition, or of all
                  offsets reset   forget the offset of a partition, or of all: it is read afresh
                  offsets export  print all offsets as JSON, for import
                  offsets import  replace all offsets by those of a file that export has printed

                "emc-file-sink help offsets COMMAND" lists the options of one
                """, ""), emc.execute(arguments.split(" ")));
    }

    @Test
    void helpOfACommandListsItsOptions() {
        Outcome outcome = emc.execute("help", "run");

        assertEquals(outcome, emc.execute("run", "--help"));
        for (String option : List.of("--config=FILE", "--set=KEY=VALUE", "--until-idle=DURATION", "--log=FORMAT", "--json",
                "--help", "--version")) {
            assertTrue(outcome.out().contains(option), option);
        }
    }

    @ParameterizedTest
    @CsvSource({"version", "--version", "-V"})
    void versionSaysWhatThisIs(String argument) {
        Outcome outcome = emc.execute(argument);

        assertEquals(0, outcome.exitCode());
        assertEquals("emc-file-sink 1.2.3 (commit abc1234)\nEventMesh SDK 1.10.0-release\nJVM, Java "
                + System.getProperty("java.version") + "\n", outcome.out());
    }

    @Test
    void everyCommandHasAnEnvelope() throws Exception {
        for (String command : Commands.names()) {
            Outcome outcome = emc.execute((command + " --help --json").split(" "));

            JsonNode envelope = new ObjectMapper().readTree(outcome.out());
            assertEquals(command, envelope.path("command").asText());
            assertTrue(envelope.path("ok").asBoolean(), command);
            assertTrue(envelope.has("result"), command);
            assertTrue(envelope.path("errors").isEmpty(), command);
            assertEquals("", outcome.err());
        }
    }

    @Test
    void aSecretIsInNoOutput() {
        String file = emc.file("sink.yaml",
                "mesh:\n  topic: t\n  password: hunter2\n  windw: 1\nconnector:\n  path: x\n  pin: hunter2\n  key: hunter2\n");
        for (String[] arguments : List.of(new String[]{"validate", "-c", file}, new String[]{"-c", file},
                new String[]{"validate", "-c", file, "--json"}, new String[]{"describe"},
                new String[]{"validate", "--set", "mesh.password=hunter2"}, new String[]{"--set", "hunter2"},
                new String[]{"--set", "connector.pin=hunter2"})) {
            Outcome outcome = emc.execute(arguments);

            assertFalse((outcome.out() + outcome.err()).contains("hunter2"), String.join(" ", arguments));
        }
    }

    @Test
    void theExampleThatIsPrintedIsValid() {
        String file = emc.file("sink.yaml", emc.execute("describe", "--format", "example").out());

        assertEquals(new Outcome(0, "sink.yaml is valid: file-sink, topic orders → data/records.ndjson\n", ""),
                emc.execute("validate", "-c", file));
    }

    @Test
    void theSchemaThatIsPrintedIsJson() throws Exception {
        JsonNode schema = new ObjectMapper().readTree(emc.execute("describe", "-f", "json-schema").out());

        assertEquals("https://json-schema.org/draft/2020-12/schema", schema.path("$schema").asText());
        assertEquals("file-sink", schema.path("title").asText());
    }

    @Test
    void theDescriptorThatIsPrintedIsJson() throws Exception {
        JsonNode descriptor = new ObjectMapper().readTree(emc.execute("describe", "-f", "json").out());

        assertEquals(Descriptors.fileSink().keys().size(), descriptor.path("keys").size());
    }
}
