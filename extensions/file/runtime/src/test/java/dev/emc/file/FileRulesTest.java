package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.ConfigProblem;
import dev.emc.testkit.Configs;

/** What {@code validate} says of the connectors' own keys. */
class FileRulesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"path|out/{topic|path: has a '{' without '}'",
            "path|out/{Topic}|path: '{Topic}' is no word for a path; use {topic}, an attribute of the event such as {type}, or a date such as {yyyy-MM-dd}",
            "path|out/|path: names a folder, not a file; add a name, such as out/records.ndjson",
            "path|out/{topic}/|path: names a folder, not a file; add a name",
            "timezone|Mars/Olympus|timezone: \"Mars/Olympus\" is not known; use a name such as Europe/Berlin, UTC or local",
            "rotate.size|0|rotate.size: must be more than 0", "rotate.records|0|rotate.records: must be more than 0",
            "rotate.every|0s|rotate.every: must be more than 0", "rotate.keep|-1|rotate.keep: must be 0 or more",
            "max-open-files|0|max-open-files: must be more than 0"})
    void aSinkIsTold(String key, String value, String expected) {
        assertEquals(expected, text(new FileSink(key.equals("path")
                ? Configs.of(FileSinkConfig.class, key, value)
                : Configs.of(FileSinkConfig.class, "path", "x", key, value)).validate()));
    }

    @Test
    void aSinkIsToldEverythingAtOnce() {
        assertEquals("path,timezone,max-open-files",
                new FileSink(Configs.of(FileSinkConfig.class, "path", "{", "timezone", "x", "max-open-files", 0))
                        .validate().stream().map(ConfigProblem::key).collect(Collectors.joining(",")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "out.ndjson", "/{topic}/{yyyy}/{M}/{topic}-{HH}"})
    void aGoodPathOfASinkIsPassed(String path) {
        assertEquals(List.of(), new FileSink(Configs.of(FileSinkConfig.class, "path", path)).validate());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "path|in/[a*|path: \"[a*\" is no pattern of file names: Missing '] near index 2",
            "exclude|{a|exclude: \"{a\" is no pattern of file names: Missing '} near index 1",
            "delimiter|ab|delimiter: must be one ASCII character; use for example ; or \\t",
            "delimiter|ä|delimiter: must be one ASCII character; use for example ; or \\t",
            "max-record-bytes|0|max-record-bytes: must be more than 0"})
    void aSourceIsTold(String key, String value, String expected) {
        assertEquals(expected, text(new FileSource(key.equals("path")
                ? Configs.of(FileSourceConfig.class, key, value)
                : Configs.of(FileSourceConfig.class, "path", "x", "format", "csv", key, value)).validate()));
    }

    @Test
    void standardInputIsNoWholeFile() {
        assertEquals("format: whole needs files with a name, not standard input; use lines, cloudevents or csv",
                text(new FileSource(Configs.of(FileSourceConfig.class, "path", "-", "format", "whole")).validate()));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\\t", "|"})
    void aGoodDelimiterIsPassed(String delimiter) {
        assertEquals(List.of(),
                new FileSource(Configs.of(FileSourceConfig.class, "path", "x", "format", "csv", "delimiter", delimiter))
                        .validate());
    }

    private static String text(List<ConfigProblem> problems) {
        return problems.stream().map(problem -> problem.key() + ": " + problem.message()
                + (problem.suggestion() == null ? "" : "; " + problem.suggestion())).collect(Collectors.joining("\n"));
    }
}
