package dev.emc.core.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;

/** Opens the registry at the start of a source worker; as a standby it waits for its turn, as long as that takes. */
final class LeaseTaker {

    private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

    private final ConnectorWorker worker;
    private final Registry registry;
    private final Attempts opening;
    private boolean standby;

    LeaseTaker(ConnectorWorker worker, Registry registry) {
        this.worker = worker;
        this.registry = registry;
        this.opening = worker.attempts("opening the registry");
    }

    /** Takes the lease; returns the saved positions. */
    Collection<Position> take() throws Stop, InterruptedException {
        long deadline = System.nanoTime() + worker.settings.connectTimeout().toNanos();
        List<Position> positions = new ArrayList<>();
        while (true) {
            long delay;
            try {
                worker.interruptibly(() -> positions.addAll(registry.open(worker.name)));
                opening.worked();
                worker.takeOver();
                return positions;
            } catch (LeaseHeldException held) {
                delay = standBy(held);
            } catch (InterruptedException interrupted) {
                throw interrupted;
            } catch (FatalException | PermanentException error) {
                throw new Stop(Outcome.UNREACHABLE, Errors.sentence(error));
            } catch (Exception error) {
                long left = deadline - System.nanoTime();
                if (!standby && left <= 0) {
                    throw new Stop(Outcome.UNREACHABLE, Errors.sentence(error));
                }
                delay = opening.failed(error);
                if (!standby) {
                    delay = Math.min(left, delay);
                }
            }
            worker.sleep(delay);
        }
    }

    /** @return nanoseconds until the next attempt */
    private long standBy(LeaseHeldException held) throws Stop {
        if (!worker.settings.standby()) {
            throw new Stop(Outcome.UNREACHABLE, Errors.sentence(held));
        }
        opening.worked();
        String reason = "standby: " + held.holder() + " is active";
        if (!standby) {
            ConnectorWorker.LOG.info(reason);
            standby = true;
        }
        worker.standBy(reason);
        return Math.max(held.after().toNanos(), SHORTEST_WAIT);
    }
}
