package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.RetryableException;

class AttemptsTest {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("dev.emc.worker");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.INFO.intValue()) {
                lines.add(ExtLogRecord.wrap(record).getFormattedMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final AtomicLong clock = new AtomicLong(-5);
    private final Attempts attempts = new Attempts("writing", new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
            clock::get);

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
    }

    @Test
    void manyFailuresInARowAreOneLine() {
        for (int i = 0; i < 1000; i++) {
            attempts.failed(new RetryableException("disk full"));
        }
        assertEquals(List.of("writing failed: disk full; trying again"), lines);
    }

    @Test
    void whatLastsIsToldOnceAMinute() {
        for (int second = 0; second <= 120; second++) {
            attempts.failed(new RetryableException("disk full"));
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        assertEquals(List.of("writing failed: disk full; trying again", "writing failed: disk full; trying again (60 failures)",
                "writing failed: disk full; trying again (60 failures)"), lines);
    }

    @Test
    void recoveryIsOneLine() {
        attempts.failed(new RetryableException("disk full"));
        attempts.failed(new RetryableException("disk full"));
        attempts.worked();
        attempts.worked();
        assertEquals(List.of("writing failed: disk full; trying again", "writing works again after 2 failed attempts"), lines);
    }

    @Test
    void whatFailsAndRecoversAllTheTimeIsNotToldEachTime() {
        for (int i = 0; i < 1000; i++) {
            attempts.failed(new RetryableException("no answer"));
            attempts.worked();
        }
        assertEquals(2, lines.size(), lines::toString);
    }

    @Test
    void theTroubleIsKnownWhileItLasts() {
        assertNull(attempts.trouble());
        attempts.failed(new RetryableException("disk full"));
        assertEquals("writing failed: disk full", attempts.trouble());
        attempts.worked();
        assertNull(attempts.trouble());
    }

    @Test
    void anErrorThatNobodyWroteASentenceForShowsItsClass() {
        attempts.failed(new IllegalStateException("odd"));
        assertEquals("writing failed: odd (IllegalStateException)", attempts.trouble());
        attempts.failed(new NullPointerException());
        assertEquals("writing failed: NullPointerException", attempts.trouble());
    }
}
