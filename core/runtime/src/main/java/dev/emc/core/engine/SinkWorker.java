package dev.emc.core.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.core.observe.WorkerMetrics;
import dev.emc.core.observe.WorkerMetrics.Reason;

/**
 * Moves records from the mesh to a sink: received → written → acknowledged. What the target has not confirmed and what is
 * not kept as a dead letter is never acknowledged, so that whatever happens, the mesh delivers it again.
 */
public final class SinkWorker extends ConnectorWorker {

    private static final long IDLE_TICK = TimeUnit.MILLISECONDS.toNanos(100);
    /** With a limited rate no more is taken in than goes in so many seconds: the mesh may forget what isn't acknowledged. */
    private static final double RATE_AHEAD_SECONDS = 2;

    private final Sink sink;
    private final MeshSubscriber subscriber;
    private final Processing processing;
    private final Intake intake;
    private final FailedRecords failed;
    private final BatchWriter writer;
    private final RateLimit rate;
    private final Attempts starting = attempts("starting the sink");
    private final Attempts ticking = attempts("the sink's own work");

    private int batchRecords;
    private boolean sinkStarted;
    private boolean meshOpened;
    private long tickAt;

    public SinkWorker(String name, Sink sink, MeshSubscriber subscriber, Processing processing, DeadLetters deadLetters,
            WorkerSettings settings, WorkerMetrics metrics) {
        super(name, settings, metrics);
        this.sink = sink;
        this.subscriber = subscriber;
        this.processing = processing;
        this.rate = new RateLimit(settings.recordsPerSecond(), System.nanoTime());
        this.intake = new Intake(this, subscriber,
                Math.min(settings.inFlightMaxRecords(), rate.within(RATE_AHEAD_SECONDS)), settings.inFlightMaxBytes());
        this.failed = new FailedRecords(this, deadLetters, "can't be written");
        this.writer = new BatchWriter(this, sink, intake, failed);
        metrics.gauges(this::inFlight, this::lag);
    }

    @Override
    void start() throws Stop, InterruptedException {
        Starting start = new Starting(this);
        start.validate(sink);
        failed.open();
        SinkContext context = new Context(name, settings.topics());
        sinkStarted = true;
        start.untilConnected(starting, Outcome.CONFIGURATION, () -> sink.start(context));
        int most = settings.strictOrder() && !sink.ordered() ? 1 : settings.batchMaxRecords();
        batchRecords = Math.min(most, rate.burst());
        meshOpened = true;
        start.open(() -> subscriber.open(intake, settings.connectTimeout()));
        // idle is only what comes, or doesn't come, from now on
        intake.notIdle();
    }

    @Override
    String process() throws Stop, InterruptedException {
        long idleLimit = settings.untilIdle().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        List<Received> batch = new ArrayList<>();
        while (!draining()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            take(batch, Math.min(IDLE_TICK, idleLimit));
            if (!batch.isEmpty() || parkedWait() == 0) {
                if (!deliver(batch)) {
                    break;
                }
            } else if (!draining()) {
                if (nothingComes() && intake.inFlight() == 0) {
                    return "nothing more comes";
                }
                if (!subscriber.state().ready()) {
                    // nobody knows what would come
                    intake.notIdle();
                } else if (intake.inFlight() == 0 && intake.sinceReceived() >= idleLimit) {
                    return "nothing came for " + SourceWorker.text(settings.untilIdle().orElseThrow());
                }
                tick();
            }
        }
        return "stopped on request";
    }

    private boolean nothingComes() throws Stop {
        try {
            return subscriber.exhausted();
        } catch (FatalException error) {
            throw new Stop(Outcome.FAILED, Errors.sentence(error));
        }
    }

    private void tick() throws Stop, InterruptedException {
        if (System.nanoTime() - tickAt < 0) {
            return;
        }
        try {
            sink.idle();
            ticking.worked();
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception error) {
            if (Errors.isFinal(error)) {
                throw new Stop(Outcome.FAILED, "the sink failed: " + Errors.sentence(error));
            }
            tickAt = System.nanoTime() + ticking.failed(error);
        }
    }

    /** Takes the next batch; empty when nothing came, or nothing may go, within this time. */
    private void take(List<Received> batch, long nanos) throws InterruptedException {
        batch.clear();
        int waiting = intake.await(Math.min(nanos, parkedWait()));
        if (waiting == 0) {
            return;
        }
        int most = batchRecords;
        if (!rate.unlimited()) {
            int wanted = Math.min(waiting, batchRecords);
            long delay = rate.delay(System.nanoTime(), wanted);
            if (delay > 0 && (!waitFor(Math.min(delay, IDLE_TICK)) || rate.delay(System.nanoTime(), wanted) > 0)) {
                return;
            }
            most = Math.min(most, rate.available(System.nanoTime()));
        }
        intake.take(batch, most, settings.batchMaxBytes(), settings.batchLinger().toNanos());
    }

    /**
     * Filters, transforms and writes a batch.
     *
     * @return false when there was no more time for all of it
     */
    private boolean deliver(List<Received> batch) throws Stop, InterruptedException {
        List<Received> wanted = processing == Processing.NONE ? whole(batch) : processed(batch);
        rate.used(wanted.size());
        List<Received> due = writer.parked().due(System.nanoTime(), batchRecords);
        if (!due.isEmpty()) {
            List<Received> all = new ArrayList<>(due);
            all.addAll(wanted);
            wanted = all;
        }
        if (wanted.isEmpty()) {
            return true;
        }
        metrics.batch(wanted.size());
        return writer.write(wanted);
    }

    /** How long it is until a record's turn at the target comes, in nanoseconds. */
    private long parkedWait() {
        return writer.parked().untilNext(System.nanoTime());
    }

    private static List<Received> whole(List<Received> batch) {
        batch.forEach(item -> item.outgoing = item.record);
        return batch;
    }

    /** Those of a batch that pass the filter; what can't be transformed has a problem then. */
    private List<Received> processed(List<Received> batch) {
        List<Received> wanted = new ArrayList<>(batch.size());
        List<Received> filtered = new ArrayList<>();
        for (Received item : batch) {
            if (item.record != null) {
                try {
                    ConnectorRecord outgoing = processing.process(item.record);
                    // a sink names failed records by their identity
                    item.outgoing = outgoing;
                } catch (Exception error) {
                    item.problem = error;
                }
            }
            (item.outgoing == null && item.problem == null ? filtered : wanted).add(item);
        }
        intake.done(filtered);
        metrics.dropped(filtered.size(), Reason.FILTERED);
        return wanted;
    }

    @Override
    int finish() throws Stop, InterruptedException {
        subscriber.stopIntake();
        List<Received> batch = new ArrayList<>();
        while (drainTimeLeft() > 0 && (intake.await(0) > 0 || !writer.parked().isEmpty())) {
            take(batch, 0);
            if (!batch.isEmpty() || parkedWait() == 0) {
                if (!deliver(batch)) {
                    break;
                }
            } else if (intake.await(0) == 0 && !waitFor(Math.min(parkedWait(), drainTimeLeft()))) {
                break;
            }
        }
        return intake.inFlight();
    }

    @Override
    void salvage() {
        // what was written is acknowledged already
    }

    @Override
    void close() {
        if (sinkStarted) {
            attempt("closing the sink", sink::close);
        }
        if (meshOpened) {
            attempt("closing the connection to the mesh", subscriber::close);
        }
        failed.close();
    }

    @Override
    MeshState meshState() {
        return subscriber.state();
    }

    @Override
    long inFlight() {
        return intake.inFlight();
    }

    /** What the sink learns at the start. */
    private record Context(String name, List<String> topics) implements SinkContext {}
}
