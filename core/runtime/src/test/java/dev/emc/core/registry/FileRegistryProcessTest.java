package dev.emc.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.Position;
import dev.emc.core.engine.LeaseHeldException;

/** The file registry with other processes, and with processes that are killed. */
class FileRegistryProcessTest {

    @TempDir
    Path dir;

    private final List<Process> children = new ArrayList<>();

    /** Saves ever larger positions, and prints each one when it is saved. */
    static final class Saver {

        private Saver() {}

        public static void main(String[] args) throws Exception {
            try (FileRegistry registry = new FileRegistry(Path.of(args[0]), 1024)) {
                long next = 0;
                for (Position position : registry.open("w")) {
                    next = Math.max(next, (Long) position.offset().get("n"));
                }
                System.out.println("open " + next);
                while (next < Long.parseLong(args[1])) {
                    next++;
                    registry.save(List.of(at(1, next), at(2, next)));
                    System.out.println(next);
                }
                System.in.read();
            } catch (LeaseHeldException error) {
                System.out.println(error.getMessage());
            }
        }
    }

    private static Position at(int partition, long n) {
        return new Position(Map.of("p", partition), Map.of("n", n));
    }

    private ProcessBuilder saver(long until) {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", System.getProperty("java.class.path"), Saver.class.getName(),
                dir.toString(), Long.toString(until)).redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process child = builder.start();
        children.add(child);
        return child;
    }

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aKilledProcessLosesNothingThatItHasSaved() throws Exception {
        Random random = new Random(42);
        long known = 0;
        for (int round = 0; round < 12; round++) {
            Path output = dir.resolve("output-" + round);
            Process child = start(saver(Long.MAX_VALUE).redirectOutput(output.toFile()));
            long wanted = known + 1 + random.nextInt(120);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (lastNumber(output) < wanted) {
                assertTrue(child.isAlive() && System.nanoTime() < deadline, "no progress");
                TimeUnit.MILLISECONDS.sleep(1);
            }
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
            assertEquals("open " + known, Files.readAllLines(output).get(0));
            known = lastNumber(output);
            try (FileRegistry registry = new FileRegistry(dir, 1024)) {
                Collection<Position> positions = registry.open("w");
                long saved = (Long) positions.iterator().next().offset().get("n");
                assertTrue(saved == known || saved == known + 1, saved + " after " + known);
                assertEquals(2, positions.size());
                assertTrue(positions.containsAll(List.of(at(1, saved), at(2, saved))), "all or none: " + positions);
                known = saved;
            }
        }
    }

    /** The last number that was printed whole; 0 when there is none. */
    private static long lastNumber(Path output) throws IOException {
        String text = Files.readString(output);
        String[] lines = text.substring(0, text.lastIndexOf('\n') + 1).split("\n");
        return lines.length < 2 ? 0 : Long.parseLong(lines[lines.length - 1]);
    }

    @Test
    void aSecondProcessIsRefusedWithThePidOfTheFirst() throws Exception {
        Process child = start(saver(0));
        assertEquals("open 0", child.inputReader().readLine());
        try (FileRegistry registry = new FileRegistry(dir)) {
            LeaseHeldException error = assertThrows(LeaseHeldException.class, () -> registry.open("w"));
            assertEquals("worker 'w' is already running (pid " + child.pid() + ") with the registry " + dir
                    + "; stop it, or give this worker another name", error.getMessage());
        }
    }

    @Test
    void theLockOfAKilledProcessIsFree() throws Exception {
        Process child = start(saver(3));
        BufferedReader lines = child.inputReader();
        for (String line = lines.readLine(); !"3".equals(line);) {
            line = lines.readLine();
        }
        child.destroyForcibly();
        assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        try (FileRegistry registry = new FileRegistry(dir)) {
            assertEquals(2, registry.open("w").size());
        }
    }

    @Test
    void aSecondRegistryInTheSameProcessIsRefused() throws Exception {
        try (FileRegistry first = new FileRegistry(dir); FileRegistry second = new FileRegistry(dir)) {
            first.open("w");
            LeaseHeldException error = assertThrows(LeaseHeldException.class, () -> second.open("w"));
            assertTrue(error.getMessage().contains("(pid " + ProcessHandle.current().pid() + ")"), error.getMessage());
        }
    }

    @Test
    void aRefusedAttemptInTheSameProcessDoesNotOpenTheDoorToOthers() throws Exception {
        try (FileRegistry first = new FileRegistry(dir); FileRegistry second = new FileRegistry(dir)) {
            first.open("w");
            assertThrows(LeaseHeldException.class, () -> second.open("w"));
            String answer = start(saver(0)).inputReader().readLine();
            assertTrue(answer.startsWith("worker 'w' is already running"), answer);
        }
    }

    @Test
    void theLockIsFreeAfterClose() throws Exception {
        try (FileRegistry first = new FileRegistry(dir)) {
            first.open("w");
        }
        assertEquals("open 0", start(saver(0)).inputReader().readLine());
    }

    @Test
    void workersOfOtherNamesRunBesideEachOther() throws Exception {
        try (FileRegistry first = new FileRegistry(dir); FileRegistry second = new FileRegistry(dir)) {
            first.open("a");
            second.open("b");
            first.save(List.of(at(1, 1)));
            second.save(List.of(at(1, 2)));
        }
        try (FileRegistry first = new FileRegistry(dir)) {
            assertEquals(List.of(at(1, 1)), List.copyOf(first.open("a")));
        }
    }
}
