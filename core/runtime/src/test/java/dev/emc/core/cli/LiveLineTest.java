package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import dev.emc.core.cli.LiveLine.Counts;

class LiveLineTest {

    @Test
    void theLineHasWhatMatters() {
        assertEquals("12,345/s · delivered 1,000,000 · in flight 256 · lag 42 · retries 3 · dead letters 1",
                LiveLine.line(new Counts(12_345.4, 1_000_000, 256, 42, 3, 1)));
    }

    @Test
    void anUnknownLagIsLeftOut() {
        assertEquals("0/s · delivered 0 · in flight 0 · retries 0 · dead letters 0",
                LiveLine.line(new Counts(0, 0, 0, -1, 0, 0)));
    }

    @Test
    void theSummaryHasCountTimeAndRate() {
        assertEquals("delivered 100,000 records in 8.2 s (12,195/s), 0 retries",
                LiveLine.summary(new Counts(0, 100_000, 0, 0, 0, 0), Duration.ofMillis(8_200)));
    }

    @Test
    void theSummaryHasDeadLettersWhenThereAreAny() {
        assertEquals("delivered 1 record in 1.0 s (1/s), 1 retry, 2 dead letters",
                LiveLine.summary(new Counts(0, 1, 0, 0, 1, 2), Duration.ofSeconds(1)));
    }

    @Test
    void withoutATerminalThereIsOnlyTheSummary() {
        var bytes = new ByteArrayOutputStream();
        PrintStream out = stream(bytes);
        try (var line = new LiveLine(out, () -> new Counts(0, 5, 0, 0, 0, 0), false, out::println)) {
            line.start();
        }

        String printed = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(printed.startsWith("delivered 5 records in "), printed);
        assertEquals(1, printed.lines().count());
    }

    @Test
    void onATerminalTheLineIsRemovedForTheSummary() throws InterruptedException {
        var shown = new CountDownLatch(1);
        var bytes = new ByteArrayOutputStream();
        PrintStream out = stream(bytes);
        try (var line = new LiveLine(out, () -> {
            shown.countDown();
            return new Counts(0, 5, 0, -1, 0, 0);
        }, true, out::println)) {
            line.start();
            assertTrue(shown.await(30, TimeUnit.SECONDS));
        }

        String printed = bytes.toString(StandardCharsets.UTF_8);
        int summary = printed.indexOf("\r\u001B[Kdelivered 5 records in ");
        assertTrue(summary >= 0, printed);
        assertFalse(printed.substring(summary).contains("in flight"), printed);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
