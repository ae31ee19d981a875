package dev.emc.core.wiring;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.deadletters.Replay;
import dev.emc.core.engine.ConnectorWorker;

/**
 * A worker that takes in dead letters in place of records, and ends after the last one.
 *
 * @param worker not yet run
 * @param skipped how many of the letters were no readable record and stay as they are
 * @param failure why the letters could not be read to the end
 */
public record ReplayWorker(ConnectorWorker worker, LongSupplier skipped, Supplier<Optional<IOException>> failure) {

    /** Makes such workers. */
    public interface Factory {

        /**
         * @param replay is not closed by the worker
         * @param selection which letters to take
         */
        ReplayWorker replay(Replay replay, Predicate<DeadLetterEntry> selection);
    }
}
