package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.core.config.ConfigFile.Entry;

class ConfigFileTest {

    @TempDir
    Path folder;

    @Test
    void nestedKeysAreJoinedByDots() throws IOException {
        assertEquals(Map.of("mesh.address", "h:1", "connector.rotate.size", "1M"), values(yaml("""
                mesh:
                  address: h:1
                connector:
                  rotate:
                    size: 1M
                """)));
    }

    @Test
    void keysMayBeWrittenWithDots() throws IOException {
        assertEquals(Map.of("mesh.address", "h:1"), values(yaml("mesh.address: h:1\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "yes", "0x10", "1e3", "2026-11-22", "010", "1_000", ".inf", "12:30:45", "0o17"})
    void scalarsStayAsTheyAreWritten(String scalar) throws IOException {
        assertEquals(scalar, values(yaml("key: " + scalar + "\n")).get("key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key:", "key: ~", "key: null", "key: {}", "key: []"})
    void aKeyWithoutValueHasNone(String yaml) throws IOException {
        Entry entry = yaml(yaml).entries().get(0);

        assertEquals("key", entry.key());
        assertNull(entry.text());
    }

    @Test
    void aQuotedNullIsText() throws IOException {
        assertEquals("null", values(yaml("key: 'null'\n")).get("key"));
    }

    @Test
    void aListBecomesValuesWithCommas() throws IOException {
        assertEquals("a,b\\,c,d\\\\e", values(yaml("key: [a, 'b,c', 'd\\e']\n")).get("key"));
    }

    @Test
    void blockTextKeepsItsLines() throws IOException {
        assertEquals("one\ntwo\n", values(yaml("key: |\n  one\n  two\n")).get("key"));
    }

    @Test
    void anAliasStandsForWhatItsAnchorHas() throws IOException {
        assertEquals(Map.of("a.x", "1", "b.x", "1"), values(yaml("a: &base\n  x: 1\nb: *base\n")));
    }

    @Test
    void aMergeKeyBringsWhatIsNotThereYet() throws IOException {
        assertEquals(Map.of("a.x", "1", "a.y", "2", "b.x", "3", "b.y", "2"),
                values(yaml("a: &base\n  x: 1\n  y: 2\nb:\n  <<: *base\n  x: 3\n")));
    }

    @Test
    void everyEntryKnowsItsPlace() throws IOException {
        Entry entry = yaml("# comment\nmesh:\n  # comment\n  address:   h:1\n").entries().get(0);

        assertEquals(4, entry.line());
        assertEquals(14, entry.column());
    }

    @Test
    void aByteOrderMarkIsSkipped() throws IOException {
        assertEquals(Map.of("key", "1"), values(yaml("\uFEFFkey: 1\n")));
    }

    @Test
    void windowsLineEndsAreFine() throws IOException {
        assertEquals(Map.of("a.b", "1", "c", "2"), values(yaml("a:\r\n  b: 1\r\nc: 2\r\n")));
    }

    @Test
    void jsonHasTheSameKeys() throws IOException {
        ConfigFile file = read("sink.json",
                "{\n\t\"mesh\": {\"topic\": [\"a\", \"b,c\"], \"window\": 1e2},\n\t\"x\": true, \"n\": null\n}");

        var expected = new LinkedHashMap<>(Map.of("mesh.topic", "a,b\\,c", "mesh.window", "1e2", "x", "true"));
        expected.put("n", null);
        assertEquals(expected, values(file));
        assertEquals(3, file.entries().get(2).line());
    }

    @Test
    void propertiesHaveTheSameKeys() throws IOException {
        ConfigFile file = read("sink.properties", "# comment\nmesh.address = h\\:1\n\nmesh.topic: a,\\\n  b\n! x\nlast=\n");

        var expected = new LinkedHashMap<>(Map.of("mesh.address", "h:1", "mesh.topic", "a,b"));
        expected.put("last", null);
        assertEquals(expected, values(file));
        assertEquals(4, file.entries().get(1).line());
    }

    @Test
    void variablesArePutIn() throws IOException {
        Entry entry = yaml("key: a${NAME}b\n").entries().get(0);

        assertEquals("avalueb", entry.text());
        assertTrue(entry.dynamic());
    }

    @Test
    void aVariableInAListIsOneElement() throws IOException {
        assertEquals("x\\,y,z", values(yaml("key: [\"${COMMA}\", z]\n")).get("key"));
    }

    @Test
    void anUndefinedVariableIsAProblemWithItsLine() throws IOException {
        ConfigFile file = yaml("a: 1\nb: ${MISSING}\n");

        assertEquals("f.yaml:2: b: the environment variable MISSING is not set; set it, or give a default: ${MISSING:default}",
                problems(file));
        assertTrue(file.entries().get(1).broken());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "a:\\n\\tb: 1|f.yaml:2:1: a tab is used for indentation; YAML allows only spaces there",
            "a: b: c|f.yaml:1:5: there is a second \":\" in this line, or it is indented too far; put a value that contains \": \" in quotes",
            "a: 1\\nb: \"x|f.yaml:2:4: a quote is opened here and never closed",
            "a: \"C:\\\\qx\"|f.yaml:1:4: the quoted text that starts here has an unknown escape; write a backslash as \\\\\\\\, or use single quotes",
            "a: 1\\nhunter2\\nb: 2|f.yaml:2:1: this line has no \":\" after its key",
            "a: *x|f.yaml:1:4: an alias (*) is used here whose anchor (&) is not defined above; put a value that starts with * in quotes",
            "a: 1\\n---\\nb: 2|f.yaml:2:1: a second YAML document starts here (---); a config file holds one",
            "a: @home|f.yaml:1:4: a value can't start with this character; put it in quotes",
            "a: [1, 2\\nb: 3|f.yaml:1:4: a bracket or brace is opened here and never closed, or a comma is missing after it; put a value that starts with [ or { in quotes",
            "a:\\n  b: 1\\n c: 2|f.yaml:3:2: the indentation doesn't fit the lines above; indent keys of one level by the same number of spaces",
            "a: 1\\nb: 2\\na: 3|f.yaml:3: a: is there twice, first in line 1; remove one of them",
            "a:\\n  x: 1\\na:\\n  y: 2|f.yaml:3: a: is there twice, first in line 1; put all of its keys in one place",
            "a.b: 1\\na:\\n  b: 2|f.yaml:3: a.b: is set twice, first in line 1; remove one of them",
            "- a\\n- b|f.yaml:1: the file must hold keys with values, such as \"mesh:\"",
            "just text|f.yaml:1: the file must hold keys with values, such as \"mesh:\"",
            "a: x\\0y|f.yaml:1: there is a control character, which YAML doesn't allow; remove it",
            "? [a, b]\\n: 1|f.yaml:1: a key must be a plain word",
            "# nothing|f.yaml: the file has no keys",
            "' \\n '|f.yaml: the file is empty"})
    void whatIsWrongWithYamlIsSaidInOneLine(String yaml, String expected) throws IOException {
        String text = yaml.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0").replace("\\\\", "\\");
        ConfigFile file = yaml(text);

        assertEquals(expected.replace("\\\\", "\\"), problems(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"a\": 1,}|f.json:1:9: this is not valid JSON; look for a missing comma, quote or brace here or just before",
            "{\"a\": 1\\n\"b\": 2}|f.json:2:1: this is not valid JSON; look for a missing comma, quote or brace here or just before",
            "[1]|f.json:1: the file must hold a JSON object",
            "{\"a\": 1} x|f.json:1:11: this is not valid JSON; look for a missing comma, quote or brace here or just before",
            "{\"a\": 1, \"a\": 2}|f.json:1: a: is set twice, first in line 1; remove one of them"})
    void whatIsWrongWithJsonIsSaidInOneLine(String json, String expected) throws IOException {
        assertEquals(expected, problems(read("f.json", json.replace("\\n", "\n"))));
    }

    @Test
    void aMalformedEscapeInPropertiesIsSaidWithItsLine() throws IOException {
        assertEquals("f.properties:2:1: there is a malformed \\u escape; write a backslash as \\\\",
                problems(read("f.properties", "a=1\nb=C:\\users\n")));
    }

    @Test
    void aFileThatBlowsUpByAliasesIsRefused() throws IOException {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String list = String.join(", ", Collections.nCopies(10, "*a" + (i - 1)));
            yaml.append("a").append(i).append(": &a").append(i).append(" [").append(list).append("]\n");
        }

        assertEquals("f.yaml: the file uses aliases too heavily; write the values out", problems(yaml(yaml.toString())));
    }

    @Test
    void aFileThatIsNestedTooDeeplyIsRefused() throws IOException {
        assertEquals("f.yaml: the file is nested too deeply", problems(yaml("[".repeat(5_000))));
        assertEquals("f.yaml:1: a" + ".a".repeat(32) + ".: is nested too deeply",
                problems(yaml("{a: ".repeat(40) + "1" + "}".repeat(40))));
    }

    @Test
    void anAnchorThatHoldsItselfIsRefused() throws IOException {
        assertTrue(problems(yaml("a: &a\n  b: *a\n")).contains("is nested too deeply"));
    }

    @Test
    void aMissingFileIsSaidWithTheOneThatWasMeant() throws IOException {
        Files.writeString(folder.resolve("sink.yaml"), "a: 1");

        assertEquals("snik.yaml: the file does not exist; did you mean sink.yaml?",
                problems(ConfigFile.read(folder.resolve("snik.yaml"), environment())));
    }

    @Test
    void theExtensionMakesNoTwoNamesAlike() throws IOException {
        Files.writeString(folder.resolve("quote.yaml"), "a: 1");
        Files.writeString(folder.resolve("other.yaml"), "a: 1");

        assertEquals("nope.yaml: the file does not exist",
                problems(ConfigFile.read(folder.resolve("nope.yaml"), environment())));
    }

    @Test
    void aMissingFileIsSaidWithTheOneOfAnotherExtension() throws IOException {
        Files.writeString(folder.resolve("sink.yaml"), "a: 1");

        assertEquals("sink.yml: the file does not exist; did you mean sink.yaml?",
                problems(ConfigFile.read(folder.resolve("sink.yml"), environment())));
    }

    @Test
    void aMissingFolderIsSaid() {
        assertEquals("no/sink.yaml: the file does not exist; its folder doesn't exist either",
                problems(ConfigFile.read(folder.resolve("no/sink.yaml"), environment())));
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        Files.createDirectory(folder.resolve("conf"));
        Files.writeString(folder.resolve("conf/sink.yaml"), "a: 1");

        assertEquals("conf: is a folder, not a config file; did you mean conf/sink.yaml?",
                problems(ConfigFile.read(folder.resolve("conf"), environment())));
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Files.write(folder.resolve("f.yaml"), "a: ü".getBytes(StandardCharsets.ISO_8859_1));

        assertEquals("f.yaml: the file is not UTF-8 text; save it in UTF-8",
                problems(ConfigFile.read(folder.resolve("f.yaml"), environment())));
    }

    @Test
    void aHugeFileIsRefused() throws IOException {
        Files.writeString(folder.resolve("f.yaml"), "a: " + "x".repeat(2 << 20));

        assertEquals("f.yaml: is longer than 1 MiB and can't be a config file; give the right file with --config",
                problems(ConfigFile.read(folder.resolve("f.yaml"), environment())));
    }

    private ConfigFile yaml(String content) throws IOException {
        return read("f.yaml", content);
    }

    private ConfigFile read(String name, String content) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve(name), content), environment());
    }

    private static Environment environment() {
        return new Environment(Map.of("NAME", "value", "COMMA", "x,y"), Map.of());
    }

    private static Map<String, String> values(ConfigFile file) {
        assertEquals("", file.problems().stream().map(Problem::text).collect(Collectors.joining("\n")));
        var values = new LinkedHashMap<String, String>();
        file.entries().forEach(entry -> values.put(entry.key(), entry.text()));
        return values;
    }

    private String problems(ConfigFile file) {
        return file.problems().stream().map(Problem::text).collect(Collectors.joining("\n")).replace(folder + "/", "");
    }
}
