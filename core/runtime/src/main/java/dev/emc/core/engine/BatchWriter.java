package dev.emc.core.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.api.Sink;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.observe.WorkerMetrics.Reason;

/**
 * Writes batches to a sink until each record is written or has failed for good, and acknowledges them: what the target has
 * confirmed at once, and never writes it again. The worker's thread only.
 */
final class BatchWriter {

    private final ConnectorWorker worker;
    private final Sink sink;
    private final Intake intake;
    private final FailedRecords failed;
    private final Attempts writing;
    private final WorkerMetrics metrics;
    /** What is still to be written of the batch, in its order. */
    private final Deque<List<Received>> parts = new ArrayDeque<>();
    private final Parked parked = new Parked();

    BatchWriter(ConnectorWorker worker, Sink sink, Intake intake, FailedRecords failed) {
        this.worker = worker;
        this.sink = sink;
        this.intake = intake;
        this.failed = failed;
        this.writing = worker.attempts("writing to the target");
        this.metrics = worker.metrics;
    }

    /**
     * Writes a batch.
     *
     * @return false when there was no more time for all of it
     */
    boolean write(List<Received> batch) throws Stop, InterruptedException {
        parts.clear();
        parts.addFirst(batch);
        while (!parts.isEmpty()) {
            if (worker.timeIsUp() || !attempt(parts.removeFirst())) {
                return false;
            }
        }
        return true;
    }

    /** What was to be written and has to wait for its turn. */
    Parked parked() {
        return parked;
    }

    /** Tries a part once; what is to be tried again goes back to the parts. */
    private boolean attempt(List<Received> part) throws Stop, InterruptedException {
        List<ConnectorRecord> records = new ArrayList<>(part.size());
        for (Received item : part) {
            if (item.problem == null) {
                item.attempts++;
                records.add(item.outgoing);
            }
        }
        List<Failure> failures = List.of();
        if (!records.isEmpty()) {
            long begin = System.nanoTime();
            try {
                failures = sink.put(records);
            } catch (InterruptedException interrupted) {
                throw interrupted;
            } catch (FatalException error) {
                throw fatal(error);
            } catch (Exception error) {
                return failedAsAWhole(part, records, error);
            }
            if (failures == null) {
                throw new Stop(Outcome.FAILED, "writing to the target failed: the connector answers nothing (null) to a batch,"
                        + " which is a bug in it; nothing of the batch is acknowledged");
            }
            metrics.deliveryTook(System.nanoTime() - begin);
        }
        if (failures.isEmpty() && records.size() == part.size()) {
            writing.worked();
            written(part);
            failed.delivered(part.size());
            return true;
        }
        return sort(part, errors(records, failures));
    }

    private static Stop fatal(Exception error) {
        return new Stop(Outcome.FAILED, "writing to the target failed: " + Errors.sentence(error));
    }

    private static Map<ConnectorRecord, Exception> errors(List<ConnectorRecord> records, List<Failure> failures)
            throws Stop {
        Map<ConnectorRecord, Exception> errors = new IdentityHashMap<>();
        for (Failure failure : failures) {
            errors.put(failure.record(), failure.error());
        }
        if (!errors.isEmpty()) {
            int named = 0;
            for (ConnectorRecord record : records) {
                named += errors.containsKey(record) ? 1 : 0;
            }
            if (named < errors.size()) {
                // nobody knows which ones it could not write
                throw new Stop(Outcome.FAILED, "writing to the target failed: the connector names a failed record that was not"
                        + " in its batch, which is a bug in it; nothing of the batch is acknowledged");
            }
        }
        return errors;
    }

    private boolean failedAsAWhole(List<Received> part, List<ConnectorRecord> records, Exception error)
            throws Stop, InterruptedException {
        boolean forGood = error instanceof PermanentException || part.stream().anyMatch(this::usedUp);
        if (!forGood) {
            parts.addFirst(part);
            return retryLater(error, records.size());
        }
        if (records.size() == 1) {
            return sort(part, Map.of(records.get(0), error));
        }
        // some of them may be good: the bad ones are found by halves
        int half = part.size() / 2;
        parts.addFirst(part.subList(half, part.size()));
        parts.addFirst(part.subList(0, half));
        if (error instanceof PermanentException) {
            metrics.retried(records.size());
            return true;
        }
        // or the target is away: then the halves must not use up their last attempts, nor hammer it
        return retryLater(error, records.size());
    }

    /** Acknowledges what was written, takes care of what failed for good, and puts the rest back to the parts. */
    private boolean sort(List<Received> part, Map<ConnectorRecord, Exception> errors) throws Stop, InterruptedException {
        List<Received> written = new ArrayList<>(part.size());
        List<Received> bad = new ArrayList<>();
        List<DeadLetter> letters = new ArrayList<>();
        List<Received> again = new ArrayList<>();
        Exception longest = null;
        Exception usedUp = null;
        Exception fatal = null;
        for (Received item : part) {
            Exception error = item.problem != null ? item.problem : errors.get(item.outgoing);
            if (error == null) {
                written.add(item);
                failed.delivered(1);
            } else if (error instanceof FatalException) {
                fatal = error;
            } else if (isThrottled(error)) {
                item.attempts--;
                parked.add(item, System.nanoTime() + delay(error).toNanos());
            } else if (error instanceof PermanentException || item.problem != null || usedUp(item)) {
                usedUp = error instanceof PermanentException || item.problem != null ? usedUp : error;
                DeadLetter letter = failed.letter(item.record, item.body, null, error, item.attempts, false);
                if (failed.failed(letter)) {
                    bad.add(item);
                    letters.add(letter);
                }
            } else {
                again.add(item);
                longest = longest == null || delay(error).compareTo(delay(longest)) > 0 ? error : longest;
            }
        }
        written(written);
        if (fatal != null) {
            throw fatal(fatal);
        }
        if (!giveUp(bad, letters)) {
            return false;
        }
        if (again.isEmpty() && (usedUp == null || !written.isEmpty())) {
            writing.worked();
            return true;
        }
        if (again.isEmpty()) {
            // nobody knows whether it is the records or the target: the next ones have to wait
            return retryLater(usedUp, 0);
        }
        parts.addFirst(again);
        return retryLater(longest, again.size());
    }

    /** Whether a record has no attempt left. One that ends after the drain's time may have been interrupted by the worker. */
    private boolean usedUp(Received item) {
        return item.attempts >= worker.settings.retryAttempts() && !worker.timeIsUp();
    }

    /** Whether a record may wait while others go on. */
    private boolean isThrottled(Exception error) {
        return error instanceof RetryableException retryable && retryable.isThrottled() && !worker.settings.strictOrder();
    }

    /** How long the target asks to wait. */
    private static Duration delay(Exception error) {
        return error instanceof RetryableException retryable ? retryable.after().orElse(Duration.ZERO) : Duration.ZERO;
    }

    private boolean giveUp(List<Received> bad, List<DeadLetter> letters) throws Stop, InterruptedException {
        while (!failed.settle(letters)) {
            if (!worker.waitFor(failed.retryAt() - System.nanoTime())) {
                return false;
            }
        }
        if (failed.kept()) {
            metrics.dead(bad.size());
        } else {
            metrics.dropped(bad.size(), Reason.FAILED);
        }
        intake.done(bad);
        failed.check();
        return true;
    }

    /** Waits until the next attempt is due; false when the worker has to end before. */
    private boolean retryLater(Exception error, int records) throws InterruptedException {
        if (!worker.waitFor(writing.failed(error))) {
            return false;
        }
        metrics.retried(records);
        return true;
    }

    /** The target has confirmed these records. */
    private void written(List<Received> items) {
        if (items.isEmpty()) {
            return;
        }
        intake.done(items);
        metrics.delivered(items.size());
        metrics.commitTook(System.nanoTime() - items.get(0).receivedAt);
    }
}
