package dev.emc.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.quarkus.runtime.configuration.ConfigurationException;

import dev.emc.api.Guarantees;
import dev.emc.api.Sink;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Descriptor.KeyType;
import dev.emc.core.config.DescriptorJson;

class DescriptorWriterTest {

    private final Descriptor sink = new DescriptorWriter(DescriptorWriterTest.class.getClassLoader())
            .describe(TestConnectors.sink("list"), List.of());

    @Test
    void namesTheConnector() {
        assertEquals(List.of("list-sink", "list", "sink", "Keeps records in a list."),
                List.of(sink.name(), sink.system(), sink.role(), sink.summary()));
    }

    @Test
    void listsTheWorkersKeysFirstInTheOrderOfDeclaration() {
        List<String> names = sink.keys().stream().map(Key::name).toList();
        assertEquals(List.of("name", "mesh.address", "mesh.topic", "mesh.group"), names.subList(0, 4));
        assertEquals(List.of("connector.list-name", "connector.password", "connector.keep-for", "connector.limit",
                "connector.copy-to", "connector.colours", "connector.tags", "connector.nested.count"),
                names.stream().filter(name -> name.startsWith("connector.")).toList());
    }

    @Test
    void takesDocumentationFromTheJavadoc() {
        assertEquals("The list's name.", key("connector.list-name").doc());
        assertEquals("How many.", key("connector.nested.count").doc());
    }

    @Test
    void knowsEachType() {
        assertEquals(KeyType.STRING, key("connector.list-name").type());
        assertEquals(KeyType.DURATION, key("connector.keep-for").type());
        assertEquals(KeyType.SIZE, key("connector.limit").type());
        assertEquals(KeyType.PATH, key("connector.copy-to").type());
        assertEquals(KeyType.ENUM, key("connector.colours").type());
        assertEquals(KeyType.MAP, key("connector.tags").type());
        assertEquals(KeyType.INTEGER, key("connector.nested.count").type());
        assertEquals(KeyType.BOOLEAN, key("http.enabled").type());
    }

    @Test
    void listsTheValuesOfAnEnum() {
        assertEquals(List.of("red", "dark-blue"), key("connector.colours").values());
        assertTrue(key("connector.colours").list());
    }

    @Test
    void requiresWhatHasNeitherDefaultNorOptional() {
        assertTrue(key("connector.list-name").required());
        assertTrue(key("mesh.topic").required());
        assertFalse(key("connector.keep-for").required());
        assertFalse(key("connector.password").required());
        assertFalse(key("connector.tags").required());
    }

    @Test
    void knowsTheDefaultOfAList() {
        assertEquals("127.0.0.1:6379", key("registry.redis.hosts").defaultValue());
        assertFalse(key("registry.redis.hosts").required());
    }

    @Test
    void marksSecrets() {
        assertTrue(key("connector.password").secret());
        assertFalse(key("connector.list-name").secret());
    }

    @Test
    void keepsWhatUpstreamCallsTheKeys() {
        assertEquals(List.of("connectorConfig.listName"), key("connector.list-name").upstream());
        assertEquals(List.of(new Descriptor.IgnoredKey("flushSize", "records are never held back")), sink.ignored().stream()
                .filter(ignored -> ignored.key().equals("flushSize")).toList());
    }

    @Test
    void namesTheKeysOfTheSystemsOtherConnector() {
        DescriptorWriter writer = new DescriptorWriter(DescriptorWriterTest.class.getClassLoader());
        ConnectorBuildItem picked = TestConnectors.source("list");
        Descriptor source = writer.describe(picked,
                List.of(picked, TestConnectors.sink("list"), TestConnectors.sink("other")));
        assertEquals(List.of("list-sink"), source.siblings().stream().map(Descriptor.Sibling::name).toList());
        assertTrue(source.siblings().get(0).keys().contains("connector.nested.count"));
    }

    @Test
    void takesTheGuaranteesFromTheClass() {
        assertEquals(
                new Descriptor.Guarantees("at least once; at most once with `connector.limit: 0`", "as received",
                        "there twice", List.of("a list"), List.of("Forgets everything at its end.")),
                sink.guarantees());
    }

    @Test
    void takesTheSampleFromTheExtension() {
        assertEquals("mesh:\n  topic: orders\nconnector:\n  list-name: ${LIST:mine}\n", sink.sample());
    }

    @Test
    void aConnectorWithoutGuaranteesFailsTheBuild() {
        assertEquals(NoGuarantees.class.getName() + " doesn't say what its users can rely on: put @Guarantees(delivery = …,"
                + " ordering = …, idempotency = …, testedWith = …) on it", failure("list", NoGuarantees.class));
    }

    @Test
    void aBlankGuaranteeFailsTheBuild() {
        assertEquals(BlankOrdering.class.getName() + " has a blank ordering in @Guarantees: say it in a few words",
                failure("list", BlankOrdering.class));
    }

    @Test
    void aConnectorWithoutASampleFailsTheBuild() {
        assertEquals("other-sink has no sample config file: write a short one that works,"
                + " src/main/resources/META-INF/emc/other-sink.yaml of its extension",
                failure("other", TestConnectors.ListSink.class));
    }

    @Test
    void aSampleThatTheConnectorRefusesFailsTheBuild() {
        assertEquals("the sample config file is not valid:\n"
                + "META-INF/emc/wrong-sink.yaml:4: connector.lst-name: unknown key; did you mean connector.list-name?",
                failure("wrong", TestConnectors.ListSink.class));
    }

    private static String failure(String system, Class<?> connector) {
        DescriptorWriter writer = new DescriptorWriter(DescriptorWriterTest.class.getClassLoader());
        ConnectorBuildItem item = new ConnectorBuildItem(system, ConnectorBuildItem.Role.SINK, connector,
                TestConnectors.ListSinkConfig.class, "Keeps records in a list.");
        return assertThrows(ConfigurationException.class, () -> writer.describe(item, List.of())).getMessage();
    }

    private abstract static class NoGuarantees implements Sink {}

    @Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = " ", idempotency = "none", testedWith = "a list")
    private abstract static class BlankOrdering implements Sink {}

    @Test
    void writesWhatIsReadAtRunTime() throws IOException {
        DescriptorWriter writer = new DescriptorWriter(DescriptorWriterTest.class.getClassLoader());
        assertEquals(sink, DescriptorJson.read(new ByteArrayInputStream(writer.json(sink))));
    }

    private Key key(String name) {
        return sink.keys().stream().filter(key -> key.name().equals(name)).findFirst().orElseThrow();
    }
}
