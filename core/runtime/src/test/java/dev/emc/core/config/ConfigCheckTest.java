package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.core.config.ConfigCheck.Argument;

class ConfigCheckTest {

    private static final String VALID = """
            mesh:
              topic: orders
            connector:
              path: out/x
            """;

    @Test
    void aGoodFileHasNoProblems() {
        Settings settings = sink(VALID);

        assertEquals("", Checks.problems(settings));
        assertEquals(Map.of("mesh.topic", "orders", "connector.path", "out/x"), settings.values());
    }

    @Test
    void allProblemsAreSaidAtOnceInTheOrderOfTheFile() {
        assertEquals(
                """
                        sink.yaml:2: mesh.adress: unknown key; did you mean mesh.address?
                        sink.yaml:3: mesh.window: expected a whole number, not "1_000"; did you mean 1000?
                        sink.yaml:4: mesh.mode: expected clustering or broadcasting, not "clustring"; did you mean clustering?
                        sink.yaml:6: connector.pth: unknown key; did you mean connector.path?
                        sink.yaml:8: connector.rotate.size: expected a size in bytes such as 512, 64K, 4M or 1G, not "4MB"; did you mean 4M?
                        sink.yaml:9: topic: unknown key; did you mean mesh.topic?""",
                Checks.problems(sink("""
                        mesh:
                          adress: localhost:10000
                          window: 1_000
                          mode: clustring
                        connector:
                          pth: out/x
                          rotate:
                            size: 4MB
                        topic: orders
                        """)));
    }

    @Test
    void aPathWithoutItsGroupIsTheConnectors() {
        assertEquals("sink.yaml:2: path: unknown key; did you mean connector.path?",
                Checks.problems(sink("mesh.topic: orders\npath: out/x\n")));
    }

    @Test
    void aMissingKeyIsSaidWithItsMeaningAndAnExample() {
        assertEquals("sink.yaml: mesh.topic: required and not set: topic to publish to; for a sink one or more topics to"
                + " subscribe to, with commas between them; add for example \"topic: orders\" under \"mesh:\"",
                Checks.problems(sink("connector:\n  path: out/x\n")));
    }

    @Test
    void anExampleComesFromTheDocumentation() {
        assertEquals("source.yaml: connector.path: required and not set: files to read, for example in/*.txt; add for example"
                + " \"path: in/*.txt\" under \"connector:\"", Checks.problems(source("mesh.topic: orders\n")));
    }

    @Test
    void eachRequiredKeyIsNamedWhenItIsMissing() {
        for (Descriptor descriptor : List.of(Descriptors.fileSink(), Descriptors.fileSource())) {
            for (Descriptor.Key missing : descriptor.keys().stream().filter(Descriptor.Key::required).toList()) {
                var file = new StringBuilder("log.level: info\n");
                descriptor.keys().stream().filter(key -> key.required() && key != missing)
                        .forEach(key -> file.append(key.name()).append(": x\n"));

                Settings settings = Checks.check(descriptor, "f.yaml", file.toString());

                assertFalse(settings.isValid());
                assertTrue(Checks.problems(settings).startsWith("f.yaml: " + missing.name() + ": required and not set"));
            }
        }
    }

    @Test
    void aMisspeltRequiredKeyIsNotMissingToo() {
        assertEquals("sink.yaml:4: connector.pth: unknown key; did you mean connector.path?",
                Checks.problems(sink(VALID.replace("path", "pth"))));
    }

    @Test
    void aRequiredKeyWithoutValueIsMissing() {
        assertTrue(Checks.problems(sink(VALID.replace("out/x", "")))
                .startsWith("sink.yaml: connector.path: required and not set: "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "mesh: 127.0.0.1:10000|sink.yaml:5: mesh: is there twice, first in line 1; remove one of them",
            "registry: file|sink.yaml:5: registry: takes no value of its own; its keys are registry.type, registry.path",
            "connector.labels: x|sink.yaml:5: connector.labels: takes keys with values below it, not a value",
            "log.level: {a: b}|sink.yaml:5: log.level.a: is below log.level, which takes a value and no keys",
            "log.level: [info, debug]|sink.yaml:5: log.level: takes one value, not a list",
            "mesh.group: [{a: b}]|sink.yaml:5: mesh.group[0].a: is below mesh.group, which takes a value and no keys",
            "connector.follow: true|sink.yaml:5: connector.follow: is a key of file-source, not of file-sink; remove it, or use emc-file-source",
            "emc.mesh.window: 1|sink.yaml:5: emc.mesh.window: unknown key; keys are written without \"emc.\": mesh.window",
            "flushSize: 1|sink.yaml:5: flushSize: unknown key; did you mean connector.rotate.records?",
            "registry.path: ~/registry|sink.yaml:5: registry.path: a path can't start with ~, which only a shell replaces; write ${HOME}/registry",
            "frobnicate: 1|sink.yaml:5: frobnicate: unknown key; \"emc-file-sink describe\" lists the keys",
            "userName: x|sink.yaml:5: userName: unknown key; did you mean mesh.username?",
            "meshAddress: x|sink.yaml:5: meshAddress: unknown key; did you mean mesh.address?",
            "mesh.address: localhost|sink.yaml:5: mesh.address: expected host:port, not \"localhost\"; did you mean localhost:10000?",
            "mesh.address: tcp://h:1|sink.yaml:5: mesh.address: expected host:port, not \"tcp://h:1\"; did you mean h:1?",
            "mesh.address: h:99999|sink.yaml:5: mesh.address: expected host:port, not \"h:99999\"",
            "mesh.address: '::1'|sink.yaml:5: mesh.address: expected host:port, not \"::1\"; did you mean [::1]:10000?",
            "mesh.address: a:1,b:2|sink.yaml:5: mesh.address: expected host:port, not \"a:1,b:2\"",
            "mesh.address: user:pw@h:1|sink.yaml:5: mesh.address: expected host:port",
            "mesh.address: ''|sink.yaml:5: mesh.address: must not be empty; remove it for the default, 127.0.0.1:10000",
            "mesh.window: 0|sink.yaml:5: mesh.window: must be 1 or more, not 0",
            "mesh.window: 3000000000|sink.yaml:5: mesh.window: expected a whole number between -2147483648 and 2147483647, not \"3000000000\"",
            "tracing.endpoint: collector:4318|sink.yaml:5: tracing.endpoint: expected an address such as http://collector:4318; did you mean http://collector:4318?",
            "tracing.endpoint: grpc://collector|sink.yaml:5: tracing.endpoint: expected an address such as http://collector:4318",
            "tracing.sampling: 2|sink.yaml:5: tracing.sampling: must be between 0 and 1, not 2",
            "tracing.spans-per-second: 0|sink.yaml:5: tracing.spans-per-second: must be 1 or more, not 0",
            "http.port: 70000|sink.yaml:5: http.port: must be between 0 and 65535, not 70000",
            "mesh.ack-timeout: 0|sink.yaml:5: mesh.ack-timeout: must be longer than 0",
            "mesh.max-event-size: 0|sink.yaml:5: mesh.max-event-size: must be greater than 0",
            "mesh.max-event-size: 5M|sink.yaml:5: mesh.max-event-size: EventMesh's protocol carries 4M at the most; set it to 4M or less",
            "retry.max-delay: 50ms|sink.yaml:5: retry.max-delay: must not be shorter than retry.initial-delay",
            "retry.initial-delay: 1m|sink.yaml:5: retry.initial-delay: must not be longer than retry.max-delay",
            "mesh.window: ${NOT_A_NUMBER}|sink.yaml:5: mesh.window: expected a whole number, but ${…} stands for something else",
            "mesh.window: ${MISSING}|sink.yaml:5: mesh.window: the environment variable MISSING is not set; set it, or give a default: ${MISSING:default}"})
    void whatIsWrongWithAKeyIsSaidInOneLine(String line, String expected) {
        assertEquals(expected, Checks.problems(Checks.check(Descriptors.fileSink(), "sink.yaml", VALID + line + "\n",
                Map.of("NOT_A_NUMBER", "hunter2"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"mesh.address: '[::1]:10000'|mesh.address|[::1]:10000",
            "log.level: DEBUG|log.level|debug",
            "http.enabled: off|http.enabled|false", "http.port: 0|http.port|0",
            "mesh.topic: [a, b]|mesh.topic|a,b", "connector.labels: {team: x}|connector.labels.team|x",
            "connector.labels: {a.b: x}|connector.labels.\"a.b\"|x", "mesh.ack-timeout: 1500ms|mesh.ack-timeout|PT1.5S"})
    void goodValuesAreTakenInTheirNormalForm(String line, String key, String value) {
        String rest = line.startsWith("mesh.topic") ? "connector.path: x\n" : "mesh.topic: t\nconnector.path: x\n";
        Settings settings = sink(rest + line + "\n");

        assertEquals("", Checks.problems(settings));
        assertEquals(value, settings.values().get(key));
    }

    @Test
    void aSourceHasOneTopic() {
        assertEquals("source.yaml:1: mesh.topic: a source publishes to one topic, not to several",
                Checks.problems(source("mesh.topic: [a, b]\nconnector.path: x\n")));
    }

    @Test
    void anEmptyListOfARequiredKeyIsMissing() {
        assertTrue(Checks.problems(sink("mesh.topic: []\nconnector.path: x\n")).startsWith("sink.yaml: mesh.topic: required"));
    }

    @Test
    void aFileThatCannotBeParsedHasNoMissingKeys() {
        assertEquals("sink.yaml:1:4: a quote is opened here and never closed", Checks.problems(sink("a: \"b\n")));
    }

    @Test
    void aSinkThatKeepsTheOrderHasOneConnection() {
        assertEquals("sink.yaml:5: mesh.sessions: a sink keeps the order by one connection only; set it to 1, or ordering to"
                + " relaxed", Checks.problems(sink(VALID + "mesh.sessions: 2\nordering: strict\n")));
    }

    @Test
    void settingsOfQuarkusPassUnchecked() {
        Settings settings = sink(VALID + "quarkus:\n  log:\n    category:\n      \"io.netty\":\n        level: DEBUG\n");

        assertEquals("", Checks.problems(settings));
        assertEquals(Map.of("quarkus.log.category.io.netty.level", "DEBUG"), settings.quarkus());
    }

    @Test
    void anEnvironmentVariableOverridesTheFile() {
        assertEquals("h:1", Checks.check(Descriptors.fileSink(), "sink.yaml", VALID + "mesh.group: g\n",
                Map.of("EMC_MESH_ADDRESS", "h:1")).values().get("mesh.address"));
    }

    @Test
    void anEnvironmentVariableMaySetARequiredKey() {
        assertTrue(Checks.check(Descriptors.fileSink(), "sink.yaml", "connector.path: x\n", Map.of("EMC_MESH_TOPIC", "t"))
                .isValid());
    }

    @Test
    void aBadEnvironmentVariableIsNamed() {
        assertEquals("EMC_MESH_ACK_TIMEOUT: mesh.ack-timeout: expected a duration such as 500ms, 10s, 5m, 1h or 1d, not \"5\";"
                + " did you mean 5s?",
                Checks.problems(Checks.check(Descriptors.fileSink(), "sink.yaml", VALID, Map.of("EMC_MESH_ACK_TIMEOUT", "5"))));
    }

    @Test
    void aVariableThatKubernetesSetsForAServiceIsExplained() {
        assertEquals("EMC_HTTP_PORT: http.port: expected a whole number, not \"tcp://10.0.0.1:80\"; Kubernetes sets this for a"
                + " service of such a name, \"enableServiceLinks: false\" in the pod turns it off",
                Checks.problems(Checks.check(Descriptors.fileSink(), "sink.yaml", VALID, Map.of("EMC_HTTP_PORT",
                        "tcp://10.0.0.1:80"))));
    }

    @Test
    void aMisspeltEnvironmentVariableIsAWarning() {
        Settings settings = Checks.check(Descriptors.fileSink(), "sink.yaml", VALID, Map.of("EMC_MESH_ADRESS", "h:1"));

        assertEquals("EMC_MESH_ADRESS: warning: this environment variable sets no key; did you mean EMC_MESH_ADDRESS?",
                Checks.problems(settings));
        assertTrue(settings.isValid());
    }

    @Test
    void otherEnvironmentVariablesAreNobodysBusiness() {
        assertEquals("", Checks.problems(Checks.check(Descriptors.fileSink(), "sink.yaml", VALID,
                Map.of("EMC_FILE_SINK_SERVICE_HOST", "10.0.0.1", "EMC_HOME", "/opt/emc"))));
    }

    @Test
    void aSystemPropertyOverridesTheEnvironment() {
        var environment = new Environment(Map.of("EMC_MESH_ADDRESS", "h:1", "EMC_MESH_TOPIC", "t", "EMC_CONNECTOR_PATH", "x"),
                Map.of("emc.mesh.address", "h:2"));

        assertEquals("h:2",
                ConfigCheck.check(Descriptors.fileSink(), null, List.of(), environment).values().get("mesh.address"));
    }

    @Test
    void aSetArgumentOverridesEverything() {
        var environment = new Environment(Map.of("EMC_MESH_ADDRESS", "h:1", "EMC_MESH_TOPIC", "t", "EMC_CONNECTOR_PATH", "x"),
                Map.of("emc.mesh.address", "h:2"));

        assertEquals("h:4", ConfigCheck.check(Descriptors.fileSink(), null,
                List.of(Argument.set("mesh.address=h:3"), Argument.set("mesh.address=h:4")), environment).values()
                .get("mesh.address"));
    }

    @Test
    void aSetArgumentMayCorrectABadValueOfTheFile() {
        assertEquals("", Checks.problems(Checks.check(Descriptors.fileSink(), "sink.yaml", VALID + "mesh.window: x\n", Map.of(),
                "mesh.window=1")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"mesh.adress=h:1|--set: mesh.adress: unknown key; did you mean mesh.address?",
            "hunter2|--set: expected key=value; write for example --set mesh.address=127.0.0.1:10000",
            "=x|--set: expected key=value; write for example --set mesh.address=127.0.0.1:10000",
            "mesh.window=many|--set: mesh.window: expected a whole number, not \"many\""})
    void aBadSetArgumentIsSaid(String argument, String expected) {
        assertEquals(expected,
                Checks.problems(Checks.check(Descriptors.fileSink(), "sink.yaml", VALID, Map.of(), argument)));
    }

    @Test
    void aValueOfASetArgumentMayHoldEqualSigns() {
        assertEquals("a=b", Checks.check(Descriptors.fileSink(), "sink.yaml", VALID, Map.of(), "connector.path=a=b").values()
                .get("connector.path"));
    }

    @ParameterizedTest
    @CsvSource({"connector.pin, hunter2", "connector.pin, 1_234", "mesh.password, ''", "mesh.password.x, hunter2"})
    void aSecretIsNeverSaid(String key, String value) {
        String problems = Checks.problems(sink(VALID + key + ": '" + value + "'\n"));

        assertFalse(problems.contains("hunter2") || problems.contains("1_234") || problems.contains("1234"), problems);
    }

    @Test
    void aSecretOfAWrongTypeIsSaidWithoutItsValue() {
        assertEquals("sink.yaml:5: connector.pin: expected a whole number",
                Checks.problems(sink(VALID + "connector.pin: 1_234\n")));
    }

    @Test
    void aLongValueIsCut() {
        String problems = Checks.problems(sink(VALID + "mesh.window: " + "x".repeat(500) + "\n"));

        assertEquals("sink.yaml:5: mesh.window: expected a whole number, not \"" + "x".repeat(57) + "...\"", problems);
    }

    private static Settings sink(String content) {
        return Checks.check(Descriptors.fileSink(), "sink.yaml", content);
    }

    private static Settings source(String content) {
        return Checks.check(Descriptors.fileSource(), "source.yaml", content);
    }
}
