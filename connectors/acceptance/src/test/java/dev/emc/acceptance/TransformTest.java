package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filter and transforms of a source and a sink with a mesh between them. */
class TransformTest {

    @TempDir
    Path folder;

    @Test
    void aSourceChangesWhatItSendsAndASinkWhatItWrites() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            settings("source.yaml", "transform: {rename: {fileoffset: position}, set: {type: line.read}, wrap: line}");
            settings("sink.yaml", "transform: {drop: filepath, pick: /line}");
            run(pipeline, "one", "two");

            assertEquals(List.of("\"one\"", "\"two\""), Pipeline.lines(pipeline.output));
        }
    }

    @Test
    void whatTheFilterOfASinkRejectsIsDropped() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            settings("source.yaml", "transform: {set: {type: line.read}}");
            settings("sink.yaml", "filter: type = 'line.read' AND fileoffset > 0 AND NOT EXISTS region");
            run(pipeline, "one", "two", "three");

            assertEquals(List.of("two", "three"), Pipeline.lines(pipeline.output));
            assertTrue(pipeline.sink.output().contains("delivered 2 records"), pipeline.sink::output);
        }
    }

    @Test
    void whatTheFilterOfASourceRejectsIsNotSent() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            settings("source.yaml", "filter: fileoffset = 0");
            run(pipeline, "one", "two", "three");

            assertEquals(List.of("one"), Pipeline.lines(pipeline.output));
            assertTrue(pipeline.source.output().contains("delivered 1 record"), pipeline.source::output);
        }
    }

    @Test
    void anEventThatCannotBeChangedIsADeadLetterAndTheOthersAreDelivered() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder)) {
            settings("sink.yaml", "transform: {pick: /id}", "dead-letters: {path: letters}");
            run(pipeline, "{\"id\":1}", "no json", "{\"id\":2}");

            assertEquals(List.of("1", "2"), Pipeline.lines(pipeline.output));
            List<String> letters = Files.readAllLines(folder.resolve("letters/file-sink.ndjson"));
            assertEquals(1, letters.size());
            assertTrue(letters.get(0).contains("is not JSON: it can't be read at byte"), letters.get(0));
            assertTrue(letters.get(0).contains("\"data\":\"no json\""), letters.get(0));
        }
    }

    private void settings(String file, String... lines) throws IOException {
        Path path = folder.resolve(file);
        Files.writeString(path, String.join("\n", lines) + "\n" + Files.readString(path));
    }

    private static void run(Pipeline pipeline, String... lines) throws Exception {
        Files.write(pipeline.input, List.of(lines));
        pipeline.startMesh();
        pipeline.startSource();
        assertEquals(0, pipeline.source.awaitExit(Pipeline.DEADLINE), pipeline.source::output);
        pipeline.startSink("--until-idle", "4s");
        assertEquals(0, pipeline.sink.awaitExit(Pipeline.DEADLINE), pipeline.sink::output);
    }
}
