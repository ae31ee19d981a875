package dev.emc.core.engine;

import java.time.Instant;
import java.util.List;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.core.engine.WorkerSettings.OnError;

/**
 * What becomes of records that failed for good: {@code on-error}, the breaker, the dead letters. The worker's thread
 * only.
 */
final class FailedRecords {

    private final ConnectorWorker worker;
    private final OnError onError;
    private final DeadLetters deadLetters;
    private final String what;
    private final Breaker breaker;
    private final Attempts keeping;
    private final Reminder reminder = new Reminder(System::nanoTime);
    private long count;
    private boolean opened;
    private String tripped;
    private long retryAt = System.nanoTime();

    /** @param what as in "record 1 …", for example {@code can't be written} */
    FailedRecords(ConnectorWorker worker, DeadLetters deadLetters, String what) {
        this.worker = worker;
        this.onError = worker.settings.onError();
        this.deadLetters = deadLetters;
        this.what = what;
        this.breaker = new Breaker(worker.settings.breakerFailures(), worker.settings.breakerWindow());
        this.keeping = worker.attempts("keeping dead letters");
    }

    /** Finds a place that can't be used at the start. */
    void open() throws Stop, InterruptedException {
        if (onError == OnError.DEAD_LETTER) {
            opened = true;
            new Starting(worker).open(() -> deadLetters.open(worker.settings.connectTimeout()));
        }
    }

    /**
     * A record that failed.
     *
     * @param body what could not be read as a record; null otherwise
     * @param position null when it has none
     * @param raw whether the record is only what a source has read
     */
    DeadLetter letter(ConnectorRecord record, byte[] body, Position position, Exception error, int attempts, boolean raw) {
        return new DeadLetter(record, body, position, error, attempts, worker.name, worker.settings.connector(),
                Instant.now(), raw);
    }

    /** Records were delivered, between those that failed. */
    void delivered(long records) {
        if (tripped == null) {
            breaker.delivered(records);
        }
    }

    /**
     * A record has failed for good, in the order in which records are finished.
     *
     * @return whether to {@link #settle} it; false once so many have failed that the worker has to stop
     */
    boolean failed(DeadLetter letter) {
        if (tripped != null) {
            return false;
        }
        breaker.failed();
        if (breaker.tripped()) {
            tripped = breaker.count() + " failed for good, the last one because: " + letter.reason()
                    + "; look at the outside system, or set breaker.failures";
        }
        return true;
    }

    /**
     * Tries to take care of these once; they may be acknowledged then.
     *
     * @return false when they could not be kept: it has to be tried again at {@link #retryAt()}
     * @throws Stop when the worker has to end with them
     */
    boolean settle(List<DeadLetter> letters) throws Stop, InterruptedException {
        if (letters.isEmpty()) {
            return true;
        }
        DeadLetter first = letters.get(0);
        if (onError == OnError.STOP) {
            throw new Stop(Outcome.FAILED, sentence(first));
        }
        if (onError == OnError.DEAD_LETTER && !keep(letters)) {
            return false;
        }
        count += letters.size();
        if (reminder.due()) {
            ConnectorWorker.LOG.warnf("%s; %s (%d so far)", sentence(first),
                    onError == OnError.DROP ? "it is dropped" : "it is kept in " + deadLetters.place(), count);
        }
        return true;
    }

    private boolean keep(List<DeadLetter> letters) throws Stop, InterruptedException {
        try {
            deadLetters.keep(letters);
            keeping.worked();
            return true;
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (FatalException error) {
            throw new Stop(Outcome.FAILED, Errors.sentence(error));
        } catch (Exception error) {
            retryAt = System.nanoTime() + keeping.failed(error);
            return false;
        }
    }

    private String sentence(DeadLetter letter) {
        return letter.record() == null
                ? "the mesh pushed something that is no event: " + letter.reason()
                : describe(letter) + " " + what + ": " + letter.reason();
    }

    private static String describe(DeadLetter letter) {
        Position position = letter.position();
        return "record " + letter.record().id()
                + (position == null ? "" : " at " + position.partition() + " " + position.offset());
    }

    /** When to try {@link #settle} again. */
    long retryAt() {
        return retryAt;
    }

    /** Whether what is settled is kept, and not dropped. */
    boolean kept() {
        return onError == OnError.DEAD_LETTER;
    }

    /** Stops the worker when too many records have failed. */
    void check() throws Stop {
        if (tripped != null) {
            throw new Stop(Outcome.FAILED, tripped);
        }
    }

    void close() {
        if (opened) {
            worker.attempt("closing the dead letters", deadLetters::close);
        }
    }
}
