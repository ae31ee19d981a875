package dev.emc.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Carries a run out and measures it. */
final class Heat implements AutoCloseable {

    private static final long PATIENCE = Duration.ofMinutes(2).toNanos();
    /** What has ended well and left something out is waited for so long. */
    private static final long AFTER_END = Duration.ofSeconds(5).toNanos();
    private static final long POLL_NANOS = 1_000_000;
    private static final double MIB = 1 << 20;

    private final Run run;
    private final int events;
    private final Child child;
    private final Progress progress = new Progress();
    private Child load;
    private double ready = -1;
    private double cpuBefore;
    private double cpuAfter;
    private double peak;
    private long ended;

    private Heat(Run run, int events) throws Exception {
        this.run = run;
        this.events = events;
        this.child = run.start.start();
    }

    /** @throws IllegalStateException when it fails, or events are missing at the end */
    static Map<Measure, Double> run(Run run, int events) throws Exception {
        Map<Measure, Double> measured;
        try (Heat heat = new Heat(run, events)) {
            heat.await();
            measured = heat.measured();
        }
        run.target.verify(events);
        return measured;
    }

    private void await() throws Exception {
        long deadline = System.nanoTime() + PATIENCE;
        while (true) {
            if (ready < 0 && run.ready != null && run.ready.met()) {
                ready = millis(System.nanoTime());
                load = run.load == null ? null : run.load.start();
            }
            long arrived = run.target.arrived();
            sample(arrived);
            if (run.target.complete(arrived, events)) {
                return;
            }
            check(arrived, System.nanoTime() > deadline);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void sample(long arrived) {
        long now = System.nanoTime();
        boolean news = arrived > progress.count;
        try {
            if (progress.count == 0 && !news) {
                cpuBefore = child.cpuMicros();
            } else if (news) {
                cpuAfter = child.cpuMicros();
                peak = child.peak() / MIB;
            }
        } catch (IOException over) {
            // it has ended; what was seen before counts
        }
        progress.at(now, arrived);
    }

    private void check(long arrived, boolean late) throws IOException {
        if (child.ended()) {
            if (!child.endedWell()) {
                child.check();
            }
            ended = ended == 0 ? System.nanoTime() : ended;
            late |= System.nanoTime() - ended > AFTER_END;
        }
        if (late) {
            throw new IllegalStateException((child.ended() ? "it has ended, but" : "too slow:") + " only "
                    + Math.min(events, arrived) + " of " + events + " events arrived");
        }
    }

    private double millis(long time) {
        return (time - child.started) / 1e6;
    }

    private Map<Measure, Double> measured() {
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        double unit = (double) progress.count / events;
        values.put(Measure.RATE, progress.rate(0) / unit);
        values.put(Measure.STEADY_RATE, progress.rate(progress.count / 2) / unit);
        values.put(Measure.CPU, (cpuAfter - cpuBefore) / events);
        values.put(Measure.LOADED_MEMORY, peak);
        if (ready >= 0) {
            values.put(Measure.READY, ready);
        }
        if (run.load == null) {
            values.put(Measure.FIRST, millis(progress.first()));
        }
        values.values().removeIf(value -> value.isNaN() || value.isInfinite());
        return values;
    }

    @Override
    public void close() {
        if (load != null) {
            load.close();
        }
        child.close();
    }
}
