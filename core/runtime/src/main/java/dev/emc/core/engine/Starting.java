package dev.emc.core.engine;

import java.util.List;
import java.util.stream.Collectors;

import dev.emc.api.ConfigProblem;
import dev.emc.api.Connector;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;

/** What a worker does at its start: everything that has to work before records move. The worker's thread only. */
final class Starting {

    private final ConnectorWorker worker;

    Starting(ConnectorWorker worker) {
        this.worker = worker;
    }

    /** Looks at the connector's settings before anything is touched. */
    void validate(Connector connector) throws Stop {
        List<ConfigProblem> problems = connector.validate();
        if (!problems.isEmpty()) {
            throw new Stop(Outcome.CONFIGURATION,
                    problems.stream().map(Starting::sentence).collect(Collectors.joining("; ")));
        }
    }

    private static String sentence(ConfigProblem problem) {
        return "connector." + problem.key() + ": " + problem.message()
                + (problem.suggestion() == null ? "" : " (" + problem.suggestion() + ")");
    }

    /** Connects to the mesh, or what else tries again by itself until its deadline. */
    void open(Blocking open) throws Stop, InterruptedException {
        try {
            worker.interruptibly(open);
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception error) {
            throw new Stop(Outcome.UNREACHABLE, Errors.sentence(error));
        }
    }

    /**
     * Does something at the start, again and again until it works or {@code connectTimeout} is over.
     *
     * @param refused exit code when it fails for good
     */
    void untilConnected(Attempts attempts, int refused, Blocking blocking) throws Stop, InterruptedException {
        long deadline = System.nanoTime() + worker.settings.connectTimeout().toNanos();
        while (true) {
            if (worker.draining()) {
                throw new InterruptedException();
            }
            try {
                blocking.run();
                attempts.worked();
                return;
            } catch (InterruptedException interrupted) {
                throw interrupted;
            } catch (FatalException | PermanentException error) {
                throw new Stop(refused, Errors.sentence(error));
            } catch (Exception error) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new Stop(Outcome.UNREACHABLE, Errors.sentence(error));
                }
                worker.sleep(Math.min(left, attempts.failed(error)));
            }
        }
    }
}
