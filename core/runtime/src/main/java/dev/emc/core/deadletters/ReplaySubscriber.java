package dev.emc.core.deadletters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Predicate;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.core.engine.MeshState;
import dev.emc.core.engine.MeshSubscriber;
import dev.emc.wire.EventFormatException;

/**
 * Gives dead letters to a sink worker in place of the mesh's events: those that aren't replayed yet, oldest first. What
 * the worker acknowledges is marked as replayed: delivered now, or kept as another dead letter.
 */
public final class ReplaySubscriber implements MeshSubscriber {

    /** So many marks are written at once. */
    private static final int MARKS = 1000;

    private final Replay replay;
    private final Predicate<DeadLetterEntry> selection;
    private final Thread feeder = new Thread(this::feed, "emc-replay");
    private Receiver receiver;
    private boolean paused;
    private boolean stopped;
    private volatile boolean ended;
    private volatile long skipped;
    /** Why the letters could not be read to the end; null when they could. */
    private volatile Exception failure;
    private int unflushed;

    /**
     * @param replay is not closed here
     * @param selection which letters to replay
     */
    public ReplaySubscriber(Replay replay, Predicate<DeadLetterEntry> selection) {
        this.replay = replay;
        this.selection = selection;
    }

    @Override
    public void open(Receiver to, Duration deadline) {
        receiver = to;
        feeder.setDaemon(true);
        feeder.start();
    }

    private void feed() {
        try (DeadLetterReader reader = replay.read()) {
            for (DeadLetterEntry entry = reader.next(); entry != null; entry = reader.next()) {
                if (!entry.replayed() && selection.test(entry) && !give(entry)) {
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException closed) {
            // the rest is replayed another time
        } finally {
            ended = true;
        }
    }

    /** False when no more is wanted. */
    private boolean give(DeadLetterEntry entry) throws InterruptedException {
        synchronized (this) {
            while (paused && !stopped) {
                wait();
            }
            if (stopped) {
                return false;
            }
        }
        try {
            receiver.received(new Letter(entry.record(), new Mark(entry.id())));
        } catch (EventFormatException unreadable) {
            skipped++;
        }
        return true;
    }

    /** How many of the selected letters are no readable record and stay as they are. */
    public long skipped() {
        return skipped;
    }

    @Override
    public synchronized void pause() {
        paused = true;
    }

    @Override
    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    @Override
    public synchronized void stopIntake() {
        stopped = true;
        notifyAll();
    }

    @Override
    public MeshState state() {
        return new MeshState(true, "replaying " + replay.file().path());
    }

    @Override
    public boolean exhausted() throws FatalException {
        Exception why = failure;
        if (why != null) {
            throw replay.file().unreadable(why);
        }
        return ended;
    }

    @Override
    public void close() {
        stopIntake();
        try {
            replay.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("what was replayed can't be marked, and will be replayed again: " + e.getMessage(),
                    e);
        }
    }

    private synchronized void done(String id) {
        replay.done(id);
        if (++unflushed < MARKS) {
            return;
        }
        unflushed = 0;
        try {
            replay.flush();
        } catch (IOException tryAgain) {
            // the marks are kept, and written with the next ones or at the end
        }
    }

    private record Letter(ConnectorRecord record, Mark acknowledgement) implements Delivery {}

    private final class Mark implements Runnable {

        private final String id;

        Mark(String id) {
            this.id = id;
        }

        @Override
        public void run() {
            done(id);
        }
    }
}
