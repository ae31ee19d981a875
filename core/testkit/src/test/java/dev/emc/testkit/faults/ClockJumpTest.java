package dev.emc.testkit.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time of day jumps back and forth, as when it is set: no timer of the worker goes by it. Needs libfaketime. */
class ClockJumpTest {

    private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
    private static final List<String> JUMPS = List.of("-1d", "+400d");

    @TempDir
    Path folder;

    private void run(boolean source) throws Exception {
        assumeTrue(Files.exists(LIBRARY), "left out: install libfaketime, Debian's package of that name");
        try (FaultRun run = FaultRun.of(source, folder, new Random(1))) {
            System.out.println("clock jumps: " + (source ? "source: " : "sink: ") + run.runWithClock(LIBRARY, JUMPS));
        }
    }

    @Test
    void aSourceDoesNotMind() throws Exception {
        run(true);
    }

    @Test
    void aSinkDoesNotMind() throws Exception {
        run(false);
    }
}
