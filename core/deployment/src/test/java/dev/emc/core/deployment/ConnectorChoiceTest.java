package dev.emc.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.quarkus.runtime.configuration.ConfigurationException;

class ConnectorChoiceTest {

    private static final ConnectorBuildItem SINK = TestConnectors.sink("list");
    private static final ConnectorBuildItem SOURCE = TestConnectors.source("list");

    @Test
    void picksTheNamedConnector() {
        assertSame(SOURCE, ConnectorChoice.pick(Optional.of("list-source"), List.of(SINK, SOURCE)));
    }

    @Test
    void failsWithoutCandidates() {
        assertEquals("no emc connector is on the class path; add the dependency of one, for example dev.emc:emc-file",
                failure(Optional.of("list-sink")));
    }

    @Test
    void failsWithoutAName() {
        assertEquals("which connector is this? Set emc.connector in application.properties to one of: list-sink, list-source",
                failure(Optional.empty(), SINK, SOURCE));
    }

    @Test
    void failsOnAnUnknownName() {
        assertEquals("emc.connector=lst-sink is none of the connectors on the class path; set it to one of: list-sink,"
                + " list-source", failure(Optional.of("lst-sink"), SINK, SOURCE));
    }

    @Test
    void failsOnTwoOfTheSameName() {
        String name = TestConnectors.ListSink.class.getName();
        assertEquals("two extensions offer list-sink: " + name + " and " + name + "; remove the dependency of one of them",
                failure(Optional.of("list-sink"), SINK, SOURCE, TestConnectors.sink("list")));
    }

    @Test
    void refusesAClassOfTheWrongRole() {
        assertThrows(IllegalArgumentException.class, () -> new ConnectorBuildItem("list", ConnectorBuildItem.Role.SOURCE,
                TestConnectors.ListSink.class, TestConnectors.ListSinkConfig.class, "x"));
    }

    private static String failure(Optional<String> wanted, ConnectorBuildItem... candidates) {
        return assertThrows(ConfigurationException.class, () -> ConnectorChoice.pick(wanted, List.of(candidates)))
                .getMessage();
    }
}
