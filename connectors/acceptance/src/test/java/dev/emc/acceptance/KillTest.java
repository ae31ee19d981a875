package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at random moments: every record arrives at least once, none is damaged. */
class KillTest {

    private static final int RECORDS = 100_000;
    private static final Duration ENOUGH = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    @Test
    void killingTheSourceLosesNothing() throws Exception {
        try (Pipeline pipeline = started()) {
            for (double moment : moments(4)) {
                pipeline.awaitProgress(moment);
                pipeline.source.kill();
                pipeline.startSource();
            }
            finish(pipeline);
        }
    }

    @Test
    void killingTheSinkLosesNothing() throws Exception {
        try (Pipeline pipeline = started()) {
            for (double moment : moments(4)) {
                pipeline.awaitProgress(moment);
                pipeline.sink.kill();
                pipeline.startSink();
            }
            finish(pipeline);
        }
    }

    @Test
    void killingTheMeshLosesNothing() throws Exception {
        try (Pipeline pipeline = started()) {
            for (double moment : moments(4)) {
                pipeline.awaitProgress(moment);
                pipeline.mesh.kill();
                pipeline.startMesh();
            }
            finish(pipeline);
        }
    }

    @Test
    void killingEachInTurnWithStrictOrderKeepsTheOrder() throws Exception {
        try (Pipeline pipeline = new Pipeline(folder, "ordering: strict")) {
            pipeline.writeInput(5_000);
            pipeline.startMesh();
            pipeline.startSink();
            pipeline.startSource();
            int kill = 0;
            for (double moment : moments(6)) {
                pipeline.awaitProgress(moment);
                switch (kill++ % 3) {
                    case 0 -> {
                        pipeline.source.kill();
                        pipeline.startSource();
                    }
                    case 1 -> {
                        pipeline.sink.kill();
                        pipeline.startSink();
                    }
                    default -> {
                        pipeline.mesh.kill();
                        pipeline.startMesh();
                    }
                }
            }
            finish(pipeline);
            assertEquals(Pipeline.lines(pipeline.input), firstOccurrences(Pipeline.lines(pipeline.output)));
        }
    }

    private Pipeline started() throws Exception {
        Pipeline pipeline = new Pipeline(folder);
        pipeline.writeInput(RECORDS);
        pipeline.startMesh();
        pipeline.startSink();
        pipeline.startSource();
        return pipeline;
    }

    private static void finish(Pipeline pipeline) throws Exception {
        assertEquals(0, pipeline.source.awaitExit(ENOUGH), pipeline.source::output);
        pipeline.awaitAll(ENOUGH);
        assertEquals(0, pipeline.sink.terminate(Pipeline.DEADLINE), pipeline.sink::output);
        assertEquals(Set.of(), pipeline.foreign());
        assertTrue(Pipeline.lines(pipeline.output).size() >= Pipeline.lines(pipeline.input).size());
    }

    private static List<String> firstOccurrences(List<String> lines) {
        Set<String> seen = new HashSet<>();
        return lines.stream().filter(seen::add).toList();
    }

    /** How much of the input has to be in the output before each kill; other moments in each run. */
    private static double[] moments(int kills) {
        long seed = System.nanoTime();
        System.out.println("seed of the moments: " + seed);
        return new Random(seed).doubles(kills, 0.02, 0.9).sorted().toArray();
    }
}
