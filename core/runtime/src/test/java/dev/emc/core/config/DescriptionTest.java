package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import dev.emc.core.config.Descriptor.Guarantees;
import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Descriptor.KeyType;

class DescriptionTest {

    static Stream<Descriptor> descriptors() {
        return Stream.of(Descriptors.fileSink(), Descriptors.fileSource());
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void theExampleIsValid(Descriptor descriptor) {
        assertEquals("", Checks.problems(Checks.check(descriptor, "f.yaml", Description.example(descriptor))));
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void theExampleIsValidWhenEverythingIsCommentedIn(Descriptor descriptor) {
        String all = Description.example(descriptor).lines().map(DescriptionTest::commentIn).collect(Collectors.joining("\n"));
        Map<String, String> secrets = Map.of("EMC_MESH_PASSWORD", "x", "EMC_CONNECTOR_KEY", "x",
                "EMC_REGISTRY_REDIS_PASSWORD", "x", "EMC_REGISTRY_REDIS_SENTINEL_PASSWORD", "x");

        Settings settings = Checks.check(descriptor, "f.yaml", all, secrets);

        assertEquals("", Checks.problems(settings));
        long keys = descriptor.keys().size();
        assertEquals(keys, settings.values().size());
    }

    private static String commentIn(String line) {
        return line.matches(" *# *[a-z-]+:( [^ ].*)?") && !line.contains("# file-s") ? line.replaceFirst("# ", "") : line;
    }

    @Test
    void theExampleSetsWhatIsRequiredAndTheAddress() {
        assertEquals("""
                connector:
                  path: data/records.ndjson
                mesh:
                  address: 127.0.0.1:10000
                  topic: orders""",
                Description.example(Descriptors.fileSink()).lines()
                        .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void theExampleExplainsEachKey() {
        assertTrue(Description.example(Descriptors.fileSink()).contains("""
                  # How long to wait for the server's answer to a record before it is sent again.
                  # ack-timeout: 5s
                """));
    }

    @Test
    void theExampleHoldsNoSecret() {
        assertTrue(Description.example(Descriptors.fileSink()).contains("# password: ${EMC_MESH_PASSWORD}\n"));
    }

    @Test
    void theTextHasTheConnectorsOwnKeysFirst() {
        assertTrue(Description.text(Descriptors.fileSink()).startsWith("""
                file-sink: Appends events to files.

                  delivery     at least once
                  ordering     as received
                  idempotency  written again, with the same id
                  tested with  Linux, ext4
                  limits       One process writes a file.

                connector
                  connector.path  (text, required)
                      File to append to; - is standard output. Words in braces make one file for each value:
                      {topic}.
                  connector.format  (cloudevents or data, default cloudevents)
                      How events are written.
                """), Description.text(Descriptors.fileSink()));
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void textAndMarkdownHaveEveryKeyOnce(Descriptor descriptor) {
        String text = Description.text(descriptor);
        String markdown = Description.markdown(descriptor);
        for (Key key : descriptor.keys()) {
            assertEquals(1, text.lines().filter(line -> line.startsWith("  " + key.name() + "  (")).count(), key.name());
            assertEquals(1, markdown.lines().filter(line -> line.startsWith("| `" + key.name() + "` | " + Values.typeName(key)))
                    .count(), key.name());
        }
    }

    @Test
    void markdownBeginsWithTheGuaranteesAndTheSample() {
        assertTrue(Description.markdown(Descriptors.fileSink()).startsWith("""
                # file-sink

                Appends events to files.

                | | |
                |---|---|
                | delivery | at least once |
                | ordering | as received |
                | idempotency | written again, with the same `id` |
                | tested with | Linux, ext4 |

                Limits:

                - One process writes a file.

                ## A file to begin with

                ```yaml
                mesh:
                  topic: orders
                connector:
                  path: out.ndjson
                ```
                """), Description.markdown(Descriptors.fileSink()));
    }

    @Test
    void markdownHasTheKeysOfEventMeshsFiles() {
        List<String> lines = Description.markdown(Descriptors.fileSink()).lines().toList();

        assertTrue(lines.contains("| `flushSize` | `connector.rotate.records` |"));
        assertTrue(lines.contains("| `hourlyFlushEnabled` | no effect: the hour is part of the file's name |"));
    }

    @ParameterizedTest
    @MethodSource("descriptors")
    void theSchemaHasEveryKeyWithItsDescription(Descriptor descriptor) {
        for (Key key : descriptor.keys()) {
            Map<String, Object> schema = schema(descriptor, key.name());
            assertEquals(Doc.plain(key.doc()), schema.get("description"), key.name());
            assertEquals(key.defaultValue() != null, schema.containsKey("default"), key.name());
        }
    }

    @Test
    void theSchemaAllowsNoOtherKeys() {
        assertEquals(false, ((Map<?, ?>) Description.jsonSchema(Descriptors.fileSink())).get("additionalProperties"));
        assertEquals(false, schema(Descriptors.fileSink(), "mesh").get("additionalProperties"));
    }

    @Test
    void theSchemaKnowsWhatIsRequired() {
        Map<String, Object> schema = object(Description.jsonSchema(Descriptors.fileSink()));

        assertEquals(List.of("connector", "mesh"), schema.get("required"));
        assertEquals(List.of("topic"), schema(Descriptors.fileSink(), "mesh").get("required"));
        assertFalse(schema(Descriptors.fileSink(), "http").containsKey("required"));
    }

    @Test
    void theSchemaHasEnumsAndTypedDefaults() {
        Descriptor sink = Descriptors.fileSink();

        assertTrue(schema(sink, "mesh.mode").get("anyOf").toString().contains("[clustering, broadcasting]"));
        assertEquals("clustering", schema(sink, "mesh.mode").get("default"));
        assertEquals("info", schema(sink, "log.level").get("default"));
        assertEquals(256L, schema(sink, "mesh.window").get("default"));
        assertEquals(true, schema(sink, "http.enabled").get("default"));
        assertEquals(1.0, schema(sink, "connector.sample").get("default"));
        assertEquals("4M", schema(sink, "mesh.max-event-size").get("default"));
        assertEquals(true, schema(sink, "mesh.password").get("writeOnly"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"BOOLEAN|true false yes Off ${X}|2 nope", "INTEGER|1 -1 ${X}|1.5 ten",
            "LONG|1 -1 ${X}|1.5 ten",
            "NUMBER|0.5 1e3 ${X}|half", "DURATION|500ms 10s 5m 1h 1d 0 PT1S ${X}|5 5sec", "SIZE|512 64K 4M 1g ${X}|4MB big"})
    void thePatternsOfTheSchemaAgreeWithTheCheck(KeyType type, String good, String bad) {
        Key key = new Key("k", type, false, null, "", false, false, List.of(), List.of());
        var descriptor = new Descriptor("d", "d", "sink", "", List.of(key), List.of(), List.of(), Guarantees.NONE, "");
        String pattern = schema(descriptor, "k").get("pattern").toString();

        Arrays.stream(good.split(" ")).forEach(text -> assertTrue(text.matches(".*(" + pattern + ").*"), text));
        Arrays.stream(bad.split(" ")).forEach(text -> assertFalse(text.matches(".*(" + pattern + ").*"), text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"Plain `code` and {@code more}.|Plain code and more.",
            "A {@link Foo} <b>b</b>|A Foo b",
            "a < b > c|a < b > c", "&lt;x&gt;|<x>", "{topic} stays|{topic} stays"})
    void documentationIsRenderedPlainly(String doc, String plain) {
        assertEquals(plain, Doc.plain(doc));
    }

    @Test
    void lineBreaksInDocumentationAreSpaces() {
        assertEquals("one two", Doc.plain("one\n  two\n"));
    }

    private static Map<String, Object> schema(Descriptor descriptor, String key) {
        Map<String, Object> schema = object(Description.jsonSchema(descriptor));
        for (String part : key.split("\\.")) {
            schema = object(object(schema.get("properties")).get(part));
        }
        return schema;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object tree) {
        return (Map<String, Object>) tree;
    }
}
