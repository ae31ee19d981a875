package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.emc.api.ConfigProblem;
import dev.emc.core.cli.CommandLineFixture.Outcome;
import dev.emc.core.config.Descriptors;

class ValidateCommandTest extends CommandTest {

    @Test
    void aValidSinkIsSaidWithItsRoute() {
        String file = emc.file("sink.yaml", "mesh.topic: [orders, returns]\nconnector.path: out/orders.ndjson\n");

        assertEquals(new Outcome(0, "sink.yaml is valid: file-sink, topic orders, returns → out/orders.ndjson\n", ""),
                emc.execute("validate", "--config", file));
    }

    @Test
    void aValidSourceIsSaidWithItsRoute() {
        emc.descriptor = Descriptors.fileSource();
        String file = emc.file("source.yaml", "mesh.topic: orders\nconnector.path: in/*.txt\n");

        assertEquals(new Outcome(0, "source.yaml is valid: file-source, in/*.txt → topic orders\n", ""),
                emc.execute("validate", "-c", file));
    }

    @Test
    void aLoginInAnAddressIsLeftOut() {
        String file = emc.file("sink.yaml", "mesh.topic: t\nconnector.path: http://user:hunter2@host/x\n");

        assertEquals("sink.yaml is valid: file-sink, topic t → http://host/…\n", emc.execute("validate", "-c", file).out());
    }

    @Test
    void everythingMayComeFromTheCommandLine() {
        assertEquals(new Outcome(0, "the settings are valid: file-sink, topic t → x\n", ""),
                emc.execute("validate", "--set", "mesh.topic=t", "-s", "connector.path=x"));
    }

    @Test
    void allProblemsAreSaidWithWhatToDo() {
        String file = emc.file("sink.yaml", "mesh:\n  adress: h:1\n  topic: t\nconnector:\n  pth: x\n");

        assertEquals(new Outcome(2, "", """
                sink.yaml:2: mesh.adress: unknown key; did you mean mesh.address?
                sink.yaml:5: connector.pth: unknown key; did you mean connector.path?
                correct this and check with "emc-file-sink validate --config sink.yaml"; "emc-file-sink describe" lists the keys
                """), emc.execute("validate", "-c", file));
    }

    @Test
    void whatTheConnectorFindsIsSaidWithFileAndLine() {
        emc.beans.problems = List.of(new ConfigProblem("separator", "is odd"),
                new ConfigProblem("path", "has a { without }", "close it"));
        String file = emc.file("sink.yaml", "connector:\n  path: a{\nmesh.topic: t\n");

        assertEquals(new Outcome(2, "", """
                sink.yaml:2: connector.path: has a { without }; close it
                connector.separator: is odd
                correct this and check with "emc-file-sink validate --config sink.yaml"; "emc-file-sink describe" lists the keys
                """), emc.execute("validate", "-c", file));
    }

    @Test
    void theApplicationIsNotBootedForABadFile() {
        emc.launcher = task -> {
            throw new AssertionError("booted");
        };

        assertEquals(2, emc.execute("validate", "-c", emc.file("sink.yaml", "mesh.topic: t\nconnector.pth: x\n")).exitCode());
    }

    @Test
    void anEmptyFileIsAnsweredWithAnExample() {
        String file = emc.file("sink.yaml", "");

        assertEquals(new Outcome(2, "", """
                sink.yaml: the file is empty
                "emc-file-sink describe --format sample" prints one to start from
                """), emc.execute("validate", "-c", file));
    }

    @Test
    void aMissingFileIsSaidWithTheOneThatIsThere() {
        emc.file("sink.yaml", "a: 1");

        assertEquals(new Outcome(2, "", """
                sink.yml: the file does not exist; did you mean sink.yaml?
                "emc-file-sink describe --format sample" prints one to start from
                """), emc.execute("validate", "-c", folder.resolve("sink.yml").toString()));
    }

    @Test
    void noFileAtAllIsAnsweredWithTheNamesThatAreLookedFor() {
        assertEquals(new Outcome(2, "", """
                no config file was given and none of file-sink.yaml, sink.yaml, sink-config.yml is here; use --config FILE
                "emc-file-sink describe --format sample" prints one to start from
                """), emc.execute("validate"));
    }

    @Test
    void whatIsMissingWithoutAFileIsSaidWithTheOptionThatSetsIt() {
        assertEquals(
                new Outcome(2, "",
                        """
                                connector.path: required and not set: file to append to; - is standard output; add for example --set connector.path=data/records.ndjson
                                correct this, or put the keys into a file and use --config FILE; "emc-file-sink describe --format sample" prints one to start from
                                """),
                emc.execute("validate", "--set", "mesh.topic=t"));
    }

    @Test
    void notesOfEventMeshsOwnFilesAreSaidInFull() {
        String file = emc.file("sink-config.yml", "pubSubConfig.subject: t\nhourlyFlushEnabled: false\n");

        assertEquals(new Outcome(0,
                "sink-config.yml is valid: file-sink, topic t → {topic}/{yyyy}/{M}/{d}/{topic}-{HH}\n",
                "sink-config.yml:2: note: hourlyFlushEnabled: has no effect: the hour is part of the file's name\n"),
                emc.execute("validate", "-c", file));
    }

    @Test
    void eventMeshsVariableNamesTheFile() {
        emc.variables.put("sinkConnectorConf", emc.file("their.yml", "pubSubConfig.subject: t\n"));

        assertEquals("their.yml is valid: file-sink, topic t → {topic}/{yyyy}/{M}/{d}/{topic}-{HH}\n",
                emc.execute("validate").out());
    }

    @Test
    void problemsAreColouredOnATerminal() {
        emc.colours = true;
        String file = emc.file("sink.yaml", "mesh.topic: t\nconnector.path: x\nmesh.windw: 1\n");

        assertEquals("\u001B[31msink.yaml:3\u001B[0m: mesh.windw: unknown key; did you mean mesh.window?",
                emc.execute("validate", "-c", file).err().lines().findFirst().get());
    }

    @Test
    void jsonHasTheRouteOfAValidFile() {
        String file = emc.file("sink.yaml", "mesh.topic: t\nconnector.path: x\n");

        assertEquals(new Outcome(0, """
                {
                  "command": "validate",
                  "ok": true,
                  "result": {
                    "file": "sink.yaml",
                    "connector": "file-sink",
                    "topic": "t"
                  },
                  "errors": [ ]
                }
                """, ""), emc.execute("validate", "-c", file, "--json"));
    }

    @Test
    void jsonHasTheProblemsOfABadFile() {
        String file = emc.file("sink.yaml", "mesh.topic: t\nconnector.path: x\nmesh.windw: 1\n");

        assertEquals(new Outcome(2, """
                {
                  "command": "validate",
                  "ok": false,
                  "result": null,
                  "errors": [ {
                    "severity": "error",
                    "file": "sink.yaml",
                    "line": 3,
                    "key": "mesh.windw",
                    "message": "unknown key",
                    "suggestion": "did you mean mesh.window?"
                  } ]
                }
                """, ""), emc.execute("validate", "-c", file, "--json"));
    }

    @Test
    void registryKeysOfASourceWhoseSystemKeepsThePositionsHaveNoEffect() {
        emc.descriptor = Descriptors.fileSource();
        emc.beans.selfCoordinated();
        String file = emc.file("source.yaml", "mesh.topic: orders\nconnector.path: in\nregistry.type: memory\n");

        assertEquals(new Outcome(0, "source.yaml is valid: file-source, in → topic orders\n",
                "source.yaml:3: note: registry.type: has no effect: the outside system itself keeps the positions of this"
                        + " source\n"),
                emc.execute("validate", "-c", file));
    }
}
