package dev.emc.core.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * The metrics of one worker. Counters are added to once a batch. All methods may be called from any thread. Received
 * records that are in flight no more are delivered, dead, dropped or released: the four add up to what was received.
 */
public final class WorkerMetrics {

    /** Media type of what {@link #write} writes. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /** Why a record was dropped. */
    public enum Reason {
        /** It didn't pass the filter. */
        FILTERED,
        /** It failed for good, and the configuration says {@code on-error: drop}. */
        FAILED,
        /** The mesh itself had lost its content. */
        EMPTY
    }

    private static final Path PROC_STATUS = Path.of("/proc/self/status");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final Labels labels;
    private final Counter received;
    private final Counter delivered;
    private final Counter dead;
    private final Map<Reason, CounterDataPoint> dropped = new EnumMap<>(Reason.class);
    private final Counter released;
    private final Counter retries;
    private final Counter duplicates;
    private final Histogram batchSize;
    private final Histogram deliverySeconds;
    private final Histogram commitSeconds;
    private volatile LongSupplier inFlight = () -> 0;
    private volatile LongSupplier lag = () -> -1;

    /** @param connector the connector's name, the label of all metrics */
    public WorkerMetrics(String connector) {
        labels = Labels.of("connector", connector);
        received = counter("emc_records_received", "Records taken in.");
        delivered = counter("emc_records_delivered", "Records safely at the other side.");
        dead = counter("emc_records_dead", "Records kept as dead letters.");
        Counter reasons = Counter.builder().name("emc_records_dropped").help("Records thrown away.").constLabels(labels)
                .labelNames("reason").withoutExemplars().register(registry);
        for (Reason reason : Reason.values()) {
            dropped.put(reason, reasons.labelValues(reason.name().toLowerCase(Locale.ROOT)));
        }
        released = counter("emc_records_released",
                "Records given back unfinished with their partition, for another worker to read again.");
        retries = counter("emc_retries", "Records tried again, each attempt counted.");
        duplicates = counter("emc_duplicates",
                "Records that the mesh delivered again while they were in flight, and that were written once.");
        gauge("emc_in_flight", "Records taken in and not yet finished.", () -> inFlight.getAsLong());
        gauge("emc_lag", "What waits at the outside system; absent when unknown.", () -> lag.getAsLong());
        batchSize = histogram("emc_batch_size", "Records in a batch.", 1, 4, 16, 64, 256, 1024, 4096);
        deliverySeconds = histogram("emc_delivery_seconds",
                "Source: from sending a batch until the mesh has accepted its last record. Sink: writing a batch.",
                0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);
        commitSeconds = histogram("emc_commit_seconds",
                "Source: saving progress and committing. Sink: from the receipt of a batch's first record until it is"
                        + " acknowledged.",
                0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);
        process();
    }

    private Counter counter(String name, String help) {
        return Counter.builder().name(name).help(help).constLabels(labels).withoutExemplars().register(registry);
    }

    private Histogram histogram(String name, String help, double... bounds) {
        return Histogram.builder().name(name).help(help).constLabels(labels).withoutExemplars().classicOnly()
                .classicUpperBounds(bounds).register(registry);
    }

    private void gauge(String name, String help, LongSupplier value) {
        GaugeWithCallback.builder().name(name).help(help).constLabels(labels).callback(callback -> {
            long now = value.getAsLong();
            if (now >= 0) {
                callback.call(now);
            }
        }).register(registry);
    }

    private void process() {
        GaugeWithCallback.builder().name("process_start_time_seconds").help("When the process was started, in Unix time.")
                .callback(callback -> ProcessHandle.current().info().startInstant().map(Instant::toEpochMilli)
                        .ifPresent(millis -> callback.call(millis / 1000.0)))
                .register(registry);
        GaugeWithCallback.builder().name("process_resident_memory_bytes").help("Resident memory in bytes.")
                .callback(callback -> {
                    long bytes = residentBytes();
                    if (bytes >= 0) {
                        callback.call(bytes);
                    }
                }).register(registry);
    }

    /** Resident memory of this process in bytes; -1 where the system doesn't tell. */
    public static long residentBytes() {
        try {
            for (String line : Files.readAllLines(PROC_STATUS, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.substring(6, line.length() - 2).trim()) * 1024;
                }
            }
        } catch (IOException | RuntimeException unknown) {
            // no such file outside Linux
        }
        return -1;
    }

    public void received(int records) {
        received.inc((long) records);
    }

    public void delivered(int records) {
        delivered.inc((long) records);
    }

    public void dead(int records) {
        dead.inc((long) records);
    }

    public void dropped(int records, Reason reason) {
        dropped.get(reason).inc((long) records);
    }

    public void released(int records) {
        released.inc((long) records);
    }

    public void retried(int records) {
        retries.inc((long) records);
    }

    public void duplicates(int records) {
        duplicates.inc((long) records);
    }

    public void batch(int records) {
        batchSize.observe(records);
    }

    public void deliveryTook(long nanos) {
        deliverySeconds.observe(nanos / 1e9);
    }

    public void commitTook(long nanos) {
        commitSeconds.observe(nanos / 1e9);
    }

    /** Sets where the gauges get their values; a negative lag means that it is unknown. */
    public void gauges(LongSupplier inFlightNow, LongSupplier lagNow) {
        inFlight = inFlightNow;
        lag = lagNow;
    }

    public long received() {
        return received.getLongValue();
    }

    public long delivered() {
        return delivered.getLongValue();
    }

    public long dead() {
        return dead.getLongValue();
    }

    /** Records dropped for any reason. */
    public long dropped() {
        return dropped.values().stream().mapToLong(CounterDataPoint::getLongValue).sum();
    }

    public long dropped(Reason reason) {
        return dropped.get(reason).getLongValue();
    }

    public long released() {
        return released.getLongValue();
    }

    public long retries() {
        return retries.getLongValue();
    }

    /** Writes all metrics as Prometheus text ({@link #CONTENT_TYPE}). */
    public void write(OutputStream out) throws IOException {
        writer.write(out, registry.scrape());
    }
}
