package dev.emc.core.wiring;

import java.util.Optional;
import java.util.function.Predicate;

import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.deadletters.Replay;
import dev.emc.core.engine.ConnectorWorker;

/** Makes workers that deliver dead letters in place of new records, by the same configuration. */
public interface ReplayWorkers {

    /**
     * A worker that ends by itself when all letters are through. What fails again becomes another dead letter.
     *
     * @param replay stays open until the worker has ended; {@link Replay#marked()} tells then how many letters are done
     * @param selection which letters to replay, of those that aren't replayed yet
     * @param recordsPerSecond how fast at the most; empty: as configured
     */
    ConnectorWorker worker(Replay replay, Predicate<DeadLetterEntry> selection, Optional<Double> recordsPerSecond);
}
