package dev.emc.testkit.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SIGKILL at each step of the delivery rules: whatever the moment, nothing is lost, nothing changes its id, and nobody is told
 * that something is safe that isn't. Each run prints its seed; {@code -Demc.faults.seed=…} repeats it,
 * {@code -Demc.faults=…} goes on with random runs for so many minutes.
 */
class FaultMatrixTest {

    private static final KillPoint[] POINTS = KillPoint.values();
    private static final int MINUTES = Integer.getInteger("emc.faults", 0);
    private static final int KILLS = MINUTES == 0 ? 1 : 4;

    @TempDir
    Path folder;

    private static long seed() {
        return Long.getLong("emc.faults.seed", System.nanoTime() & 0xffffff);
    }

    @ParameterizedTest
    @EnumSource(KillPoint.class)
    void nothingIsLostWhenTheProcessDiesAt(KillPoint point) throws Exception {
        long seed = seed();
        try (FaultRun run = FaultRun.of(point.ofSource(), folder, new Random(seed))) {
            String said = run.run(KILLS, () -> point);
            System.out.println("faults: " + point + ", seed " + seed + ": " + said);
            assertTrue(run.deaths() > 0, () -> "it never died at " + point);
        }
    }

    @Test
    void nothingIsLostWhereverTheProcessDiesAgainAndAgain() throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        long seed = seed();
        int runs = 0;
        int deaths = 0;
        do {
            Random random = new Random(seed);
            boolean source = random.nextBoolean();
            try (FaultRun run = FaultRun.of(source, folder.resolve("run-" + runs), random)) {
                String said = run.run(1 + random.nextInt(8), () -> anyPoint(source, random));
                System.out.println("faults: " + (source ? "source" : "sink") + ", seed " + seed + ": " + said);
                deaths += run.deaths();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("repeat with -Demc.faults.seed=" + seed + ": " + e.getMessage(), e);
            }
            runs++;
            seed = random.nextInt(1 << 24);
        } while (System.nanoTime() < end);
        System.out.println("faults: " + runs + " runs, " + deaths + " deaths, nothing lost");
    }

    /** Any step of this direction; one in ten times null, which is any moment. */
    private static KillPoint anyPoint(boolean source, Random random) {
        if (random.nextInt(10) == 0) {
            return null;
        }
        KillPoint point = POINTS[random.nextInt(POINTS.length)];
        while (point.ofSource() != source) {
            point = POINTS[random.nextInt(POINTS.length)];
        }
        return point;
    }
}
