package dev.emc.testkit.faults;

import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of registry, dead letters and outside system is full for a while: nothing is lost, and it goes on by itself. */
class FullDiskTest {

    @TempDir
    Path folder;

    @Test
    void aSourceLosesNothing() throws Exception {
        try (FaultRun run = FaultRun.of(true, folder, new Random(1))) {
            System.out.println("full disk: source: " + run.runOnFullDisk(1));
        }
    }

    @Test
    void aSinkLosesNothing() throws Exception {
        try (FaultRun run = FaultRun.of(false, folder, new Random(1))) {
            System.out.println("full disk: sink: " + run.runOnFullDisk(1));
        }
    }
}
