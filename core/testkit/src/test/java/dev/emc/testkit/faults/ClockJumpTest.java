package dev.emc.testkit.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.testkit.DebianPackage;

/** The time of day jumps back and forth, as when it is set: no timer of the worker goes by it. */
class ClockJumpTest {

    private static final String LIBRARY = "libfaketimeMT.so.1";
    private static final List<String> JUMPS = List.of("-1d", "+400d");

    @TempDir
    static Path shared;
    @TempDir
    Path folder;

    private static Path library;

    @BeforeAll
    static void findLibrary() throws Exception {
        DebianPackage.unpack("libfaketime", shared);
        try (Stream<Path> files = Files.walk(shared)) {
            library = files.filter(file -> file.endsWith(LIBRARY)).findFirst().orElseThrow();
        }
    }

    private void run(boolean source) throws Exception {
        try (FaultRun run = FaultRun.of(source, folder, new Random(1))) {
            System.out.println("clock jumps: " + (source ? "source: " : "sink: ") + run.runWithClock(library, JUMPS));
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
