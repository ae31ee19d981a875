package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamConfigTest {

    private static final String SINK = """
            pubSubConfig:
              meshAddress: 10.0.0.1:10000
              subject: Weather
              idc: north
              env: TEST
              group: weather-sinks
              appId: 4711
              userName: walter
              passWord: hunter2
            connectorConfig:
              connectorName: weather
              topic: Weather
            flushSize: 500
            hourlyFlushEnabled: true
            """;

    private static final String SOURCE = """
            pubSubConfig:
              meshAddress: 10.0.0.1:10000
              subject: Weather
              group: weather-sources
              appId: 4711
            connectorConfig:
              connectorName: weather
              filePath: /var/spool/weather.txt
            offsetStorageConfig:
              offsetStorageType: nacos
              offsetStorageAddr: 10.0.0.2:8848
              extensions: {dataId: Weather, group: weather}
              dataSourceType: MYSQL
            pollConfig:
              capacity: 64
              maxBatchSize: 8
              maxWaitTime: 250
            """;

    @Test
    void everyKeyOfASinksFileIsTranslated() {
        Settings settings = Checks.check(Descriptors.fileSink(), "sink-config.yml", SINK);

        var expected = new java.util.HashMap<>(
                Map.of("mesh.address", "10.0.0.1:10000", "mesh.topic", "Weather", "mesh.idc", "north",
                        "mesh.env", "TEST", "mesh.group", "weather-sinks", "mesh.subsystem", "4711", "mesh.username", "walter",
                        "mesh.password", "hunter2", "name", "weather", "connector.rotate.records", "500"));
        expected.put("connector.path", "{topic}/{yyyy}/{M}/{d}/{topic}-{HH}");
        expected.put("connector.format", "data");
        assertEquals(expected, settings.values());
        assertTrue(settings.isValid());
        assertTrue(settings.upstream());
    }

    @Test
    void everyKeyOfASinksFileWithoutEffectIsNoted() {
        assertEquals("""
                sink-config.yml:12: note: connectorConfig.topic: has no effect: files are named after the topic of each event
                sink-config.yml:14: note: hourlyFlushEnabled: has no effect: the hour is part of the file's name""",
                Checks.problems(Checks.check(Descriptors.fileSink(), "sink-config.yml", SINK)));
    }

    @Test
    void everyKeyOfASourcesFileIsTranslated() {
        Settings settings = Checks.check(Descriptors.fileSource(), "source-config.yml", SOURCE);

        assertEquals(Map.of("mesh.address", "10.0.0.1:10000", "mesh.topic", "Weather", "mesh.group", "weather-sources",
                "mesh.subsystem", "4711", "name", "weather", "connector.path", "/var/spool/weather.txt", "connector.follow",
                "false", "in-flight.max-records", "64", "batch.max-records", "8"), settings.values());
        assertTrue(settings.isValid());
    }

    @Test
    void everyKeyOfASourcesFileWithoutEffectIsNoted() {
        String registry = "has no effect: progress is kept in the registry, a folder by default (registry.type, registry.path)";
        assertEquals("""
                source-config.yml:10: note: offsetStorageConfig.offsetStorageType: REGISTRY
                source-config.yml:11: note: offsetStorageConfig.offsetStorageAddr: REGISTRY
                source-config.yml:12: note: offsetStorageConfig.extensions.dataId: REGISTRY
                source-config.yml:12: note: offsetStorageConfig.extensions.group: REGISTRY
                source-config.yml:13: note: offsetStorageConfig.dataSourceType: REGISTRY
                source-config.yml:17: note: pollConfig.maxWaitTime: has no effect: records are sent as soon as they are read"""
                .replace("REGISTRY", registry),
                Checks.problems(Checks.check(Descriptors.fileSource(), "source-config.yml", SOURCE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"connectorConfig", "sinkConnectorConfig", "sinkConfig"})
    void theConnectorsKeysMayStandUnderEachOfTheNamesThatEventMeshUses(String root) {
        Settings settings = Checks.check(Descriptors.fileSink(), "sink-config.yml", SINK.replace("connectorConfig", root));

        assertTrue(settings.isValid());
        assertEquals("weather", settings.values().get("name"));
    }

    @Test
    void aFileOfTheOtherRoleIsRefused() {
        assertEquals("sink-config.yml:11: sourceConnectorConfig.connectorName: belongs to a source,"
                + " and this is file-sink; give the file of the sink",
                Checks
                        .problems(Checks.check(Descriptors.fileSink(),
                                "sink-config.yml", SINK.replace("connectorConfig", "sourceConnectorConfig")))
                        .lines().findFirst().get());
    }

    @Test
    void anUnknownKeyIsAWarningWithTheNearest() {
        Settings settings = Checks.check(Descriptors.fileSource(), "source-config.yml", """
                pubSubConfig:
                  meshAdress: 10.0.0.1:10000
                  subject: Weather
                sourceConnectorConfig:
                  filePth: a.txt
                  filePath: b.txt
                  colour: blue
                """);

        assertEquals(
                """
                        source-config.yml:2: warning: pubSubConfig.meshAdress: unknown key, without effect; did you mean pubSubConfig.meshAddress?
                        source-config.yml:5: warning: sourceConnectorConfig.filePth: unknown key, without effect; did you mean sourceConnectorConfig.filePath?
                        source-config.yml:7: warning: sourceConnectorConfig.colour: unknown key, without effect""",
                Checks.problems(settings));
        assertTrue(settings.isValid());
    }

    @Test
    void aMissingKeyIsNamedAsItIsInThisFile() {
        assertEquals(
                """
                        source-config.yml: mesh.topic: required and not set: topic to publish to; for a sink one or more topics to subscribe to, with commas between them; add for example "subject: orders" under "pubSubConfig:"
                        source-config.yml: connector.path: required and not set: files to read, for example in/*.txt; add for example "filePath: in/*.txt" under "sourceConnectorConfig:\"""",
                Checks.problems(Checks.check(Descriptors.fileSource(), "source-config.yml", """
                        pubSubConfig:
                          meshAddress: 10.0.0.1:10000
                        sourceConnectorConfig:
                          connectorName: weather
                        """)));
    }

    @Test
    void aBadValueIsNamedAsItIsInThisFile() {
        assertEquals(
                "source-config.yml:2: pubSubConfig.meshAddress: expected host:port, not \"localhost\"; did you mean localhost:10000?",
                Checks.problems(Checks.check(Descriptors.fileSource(), "source-config.yml", """
                        pubSubConfig:
                          meshAddress: localhost
                          subject: Weather
                        connectorConfig.filePath: a.txt
                        """)));
    }

    @Test
    void aPlainNumberIsADurationInMilliseconds() {
        assertEquals("PT0.25S", Checks.check(Descriptors.fileSource(), "source-config.yml", """
                pubSubConfig.subject: Weather
                connectorConfig:
                  filePath: a.txt
                  interval: 250
                """).values().get("connector.interval"));
    }

    @Test
    void bothFormsInOneFileAreRefused() {
        assertEquals("sink.yaml:3: mesh.address: stands in a file of EventMesh's own form (pubSubConfig.subject in line 1);"
                + " use one form or the other", Checks.problems(Checks.check(Descriptors.fileSink(), "sink.yaml", """
                        pubSubConfig.subject: Weather
                        mesh:
                          address: 10.0.0.1:10000
                        """)));
    }

    @Test
    void settingsOfQuarkusPassInAFileOfEventMeshsForm() {
        assertEquals(Map.of("quarkus.log.level", "DEBUG"),
                Checks.check(Descriptors.fileSink(), "sink-config.yml", SINK + "quarkus.log.level: DEBUG\n").quarkus());
    }

    @Test
    void theFileOfEventMeshsServerProcessIsExplained() {
        assertEquals(
                """
                        server-config.yml:1: note: sourceEnable: has no effect: this executable is the sink only; the source is one of its own
                        server-config.yml:2: note: sinkEnable: has no effect: this executable is the sink""",
                Checks.problems(
                        Checks.check(Descriptors.fileSink(), "server-config.yml", "sourceEnable: true\nsinkEnable: true\n"))
                        .lines().filter(line -> line.contains("note")).reduce((a, b) -> a + "\n" + b).get());
    }

    @Test
    void anUndefinedVariableIsNotMissingToo() {
        assertEquals("sink-config.yml:3: pubSubConfig.subject: the environment variable TOPIC is not set; set it, or give a"
                + " default: ${TOPIC:default}",
                Checks.problems(Checks.check(Descriptors.fileSink(), "sink-config.yml",
                        SINK.replace("subject: Weather", "subject: ${TOPIC}")))
                        .lines().findFirst().get());
    }

    @Test
    void theEnvironmentOverridesAFileOfEventMeshsForm() {
        assertEquals("h:1", Checks.check(Descriptors.fileSink(), "sink-config.yml", SINK, Map.of("EMC_MESH_ADDRESS", "h:1"))
                .values().get("mesh.address"));
    }

    @Test
    void thePasswordIsNeverSaid() {
        assertFalse(Checks.problems(Checks.check(Descriptors.fileSink(), "sink-config.yml", SINK + "passWord: hunter2\n"))
                .contains("hunter2"));
    }
}
