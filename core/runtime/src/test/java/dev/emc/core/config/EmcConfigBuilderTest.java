package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

class EmcConfigBuilderTest {

    private static final String VALID = "mesh.topic: orders\nconnector.path: out/x\n";

    @AfterEach
    void forget() {
        ActiveSettings.clear();
    }

    @Test
    void acceptedSettingsAreFound() {
        SmallRyeConfig config = accept(VALID + "mesh.ack-timeout: 3s\n", Map.of());

        assertEquals("out/x", config.getValue("emc.connector.path", String.class));
        assertEquals("PT3S", config.getValue("emc.mesh.ack-timeout", String.class));
    }

    @Test
    void listsKeepTheirElements() {
        assertEquals(List.of("a", "b,c", "d\\e"), accept("mesh.topic: [a, 'b,c', 'd\\e']\nconnector.path: x\n", Map.of())
                .getValues("emc.mesh.topic", String.class));
    }

    @Test
    void dollarsAndBackslashesOfAcceptedValuesAreKept() {
        for (String value : List.of("pa$$word", "$", "a$${B}", "a\\b", "\\n", "$${x:y}", "5$ $a")) {
            assertEquals(value.replace("$${", "${"), accept(VALID + "mesh.password: '" + value + "'\n", Map.of())
                    .getValue("emc.mesh.password", String.class));
        }
    }

    @Test
    void whatWasCheckedIsWhatIsUsed() {
        SmallRyeConfig config = accept(VALID, Map.of("EMC_CONNECTOR_PATH", "from/env"));

        assertEquals("from/env", config.getValue("emc.connector.path", String.class));
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        var variables = Map.of("EMC_MESH_ACK_TIMEOUT", "", "EMC_MESH_PASSWORD", "");
        ActiveSettings.accept(Checks.check(Descriptors.fileSink(), "f.yaml", VALID, variables), Descriptors.fileSink(),
                new ActiveSettings.LogLook(false, false, false));
        SmallRyeConfig config = config(new EnvConfigSource(variables, 300));

        assertEquals(Duration.ofSeconds(5), Duration.parse(config.getValue("emc.mesh.ack-timeout", String.class)));
        assertEquals(Optional.empty(), config.getOptionalValue("emc.mesh.password", String.class));
    }

    @Test
    void quarkusSettingsOfTheFileGiveWayToTheEnvironment() {
        ActiveSettings.accept(Checks.check(Descriptors.fileSink(), "f.yaml", VALID + "quarkus.log.level: WARN\n"),
                Descriptors.fileSink(),
                new ActiveSettings.LogLook(false, false, false));
        SmallRyeConfig config = config(new PropertiesConfigSource(Map.of("quarkus.log.level", "TRACE"), "env", 300));

        assertEquals("TRACE", config.getValue("quarkus.log.level", String.class));
    }

    @Test
    void quarkusSettingsOfTheCommandLineGiveWayToNone() {
        ActiveSettings.accept(Checks.check(Descriptors.fileSink(), "f.yaml", VALID, Map.of(), "quarkus.log.level=WARN"),
                Descriptors.fileSink(),
                new ActiveSettings.LogLook(false, false, false));
        SmallRyeConfig config = config(new PropertiesConfigSource(Map.of("quarkus.log.level", "TRACE"), "env", 300));

        assertEquals("WARN", config.getValue("quarkus.log.level", String.class));
    }

    @Test
    void logLevelBecomesASettingOfQuarkus() {
        SmallRyeConfig config = accept(VALID + "log.level: debug\n", Map.of());

        assertEquals("DEBUG", config.getValue("quarkus.log.level", String.class));
        assertEquals("true", config.getValue("quarkus.log.console.stderr", String.class));
    }

    @Test
    void aSettingOfQuarkusInTheFileWinsOverWhatFollowsFromOurs() {
        SmallRyeConfig config = accept(VALID + "log.level: debug\nquarkus.log.level: ERROR\n", Map.of());

        assertEquals("ERROR", config.getValue("quarkus.log.level", String.class));
    }

    @Test
    void logLinesEraseTheRestOfALiveLine() {
        ActiveSettings.accept(Checks.check(Descriptors.fileSink(), "f.yaml", VALID), Descriptors.fileSink(),
                new ActiveSettings.LogLook(true, true, false));

        assertEquals('\u001B', config().getValue("quarkus.log.console.format", String.class).charAt(0));
    }

    @Test
    void logLinesHaveColoursOnlyWhenProblemsHaveThem() {
        assertEquals("false", accept(VALID, Map.of()).getValue("quarkus.console.color", String.class));
    }

    @Test
    void aCommandThatIsNotRunLogsOnlyWhatIsWrong() {
        ActiveSettings.accept(Checks.check(Descriptors.fileSink(), "f.yaml", VALID + "log.level: debug\n"),
                Descriptors.fileSink(), new ActiveSettings.LogLook(false, false, true));

        assertEquals("WARN", config().getValue("quarkus.log.level", String.class));
        assertEquals("WARN", config().getValue("quarkus.log.console.level", String.class));
    }

    private static SmallRyeConfig accept(String content, Map<String, String> variables) {
        Settings settings = Checks.check(Descriptors.fileSink(), "f.yaml", content, variables);
        assertEquals("", Checks.problems(settings));
        ActiveSettings.accept(settings, Descriptors.fileSink(), new ActiveSettings.LogLook(false, false, false));
        return config();
    }

    private static SmallRyeConfig config(ConfigSource... others) {
        var builder = new SmallRyeConfigBuilder().addDefaultInterceptors().withSources(others);
        return new EmcConfigBuilder().configBuilder(builder).build();
    }
}
