package dev.emc.core.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.emc.core.config.Json;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Problem.Severity;
import dev.emc.core.config.Settings;
import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.deadletters.DeadLetterFile;
import dev.emc.core.deadletters.Replay;
import dev.emc.core.deadletters.ReplayHeldException;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.Outcome;
import dev.emc.core.engine.WorkerStatus;

/**
 * Delivers dead letters.
 *
 * @param choice which of those that were not replayed yet
 * @param limit how many at the most
 * @param note what to tell besides; null for nothing
 */
record ReplayTask(DeadLetterFile file, Predicate<DeadLetterEntry> choice, int limit, Settings settings,
        Invocation invocation, String note) implements Task {

    @Override
    public boolean stoppable() {
        return true;
    }

    @Override
    public Result run(Beans beans) throws IOException {
        Settings checked = ConnectorCheck.of(beans.connector(), settings);
        if (!checked.isValid()) {
            return invocation.rejected(checked);
        }
        try (Replay replay = file.replay()) {
            var taken = new AtomicInteger();
            ConnectorWorker worker = beans.replays().worker(replay,
                    entry -> taken.get() < limit && choice.test(entry) && taken.incrementAndGet() > 0, Optional.empty());
            StopSignals.handle(worker);
            Outcome outcome = worker.run();
            return result(outcome, worker.status(), taken.get() - replay.marked());
        } catch (ReplayHeldException e) {
            return Result.unreachable(e.getMessage(), null);
        }
    }

    private Result result(Outcome outcome, WorkerStatus status, long left) {
        var problems = new ArrayList<Problem>();
        int exitCode = outcome.exitCode();
        if (exitCode != Outcome.OK) {
            problems.add(error(outcome.message()));
        }
        if (status.dead() > 0) {
            problems.add(error(status.dead() == 1
                    ? "1 could not be delivered again and is a new dead letter"
                    : status.dead() + " could not be delivered again and are new dead letters"));
        }
        if (left > 0) {
            problems.add(error(left == 1
                    ? "1 could not be replayed and stays as it is"
                    : left + " could not be replayed and stay as they are"));
        }
        if (exitCode == Outcome.OK && !problems.isEmpty()) {
            exitCode = ExitCode.FAILED;
        }
        if (note != null) {
            problems.add(new Problem(Severity.NOTE, null, 0, null, note, null));
        }
        long done = status.delivered() + status.dead() + status.dropped();
        String text = done == 0 && exitCode != Outcome.OK
                ? ""
                : "replayed " + done + ": " + status.delivered() + " delivered"
                        + (status.dead() > 0 ? ", " + status.dead() + " dead again" : "")
                        + (status.dropped() > 0 ? ", " + status.dropped() + " dropped by the filter" : "");
        return new Result(exitCode, text,
                counts(status.received(), status.delivered(), status.dead(), status.dropped(), left), List.copyOf(problems),
                null);
    }

    private static Problem error(String sentence) {
        return new Problem(Severity.ERROR, null, 0, null, sentence, null);
    }

    /** What it came to, for {@code --json}. */
    static Map<String, Object> counts(long received, long delivered, long dead, long dropped, long left) {
        return Json.object("received", received, "delivered", delivered, "dead", dead, "dropped", dropped, "left", left);
    }
}
