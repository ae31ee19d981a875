package dev.emc.core.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.emc.core.observe.WorkerMetrics.Reason;

class WorkerMetricsTest {

    private final WorkerMetrics metrics = new WorkerMetrics("file-sink");

    private List<String> lines() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.write(out);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void has(String line) throws IOException {
        assertTrue(lines().contains(line), () -> {
            try {
                return line + " is not among\n" + String.join("\n", lines());
            } catch (IOException error) {
                throw new AssertionError(error);
            }
        });
    }

    @Test
    void countersAddUp() throws IOException {
        metrics.received(6);
        metrics.received(4);
        metrics.delivered(7);
        metrics.dead(2);
        metrics.dropped(1, Reason.EMPTY);
        metrics.retried(5);
        metrics.duplicates(3);
        has("emc_records_received_total{connector=\"file-sink\"} 10.0");
        has("emc_records_delivered_total{connector=\"file-sink\"} 7.0");
        has("emc_records_dead_total{connector=\"file-sink\"} 2.0");
        has("emc_records_dropped_total{connector=\"file-sink\",reason=\"empty\"} 1.0");
        has("emc_retries_total{connector=\"file-sink\"} 5.0");
        has("emc_duplicates_total{connector=\"file-sink\"} 3.0");
        assertEquals(10, metrics.received());
    }

    @Test
    void droppedRecordsAreCountedByReasonAndInAll() throws IOException {
        metrics.dropped(1, Reason.EMPTY);
        metrics.dropped(2, Reason.FAILED);
        metrics.dropped(4, Reason.FILTERED);
        has("emc_records_dropped_total{connector=\"file-sink\",reason=\"failed\"} 2.0");
        has("emc_records_dropped_total{connector=\"file-sink\",reason=\"filtered\"} 4.0");
        assertEquals(4, metrics.dropped(Reason.FILTERED));
        assertEquals(7, metrics.dropped());
    }

    @Test
    void allMetricsAreThereFromTheStart() throws IOException {
        Set<String> names = lines().stream().filter(line -> line.startsWith("# TYPE emc_")).map(line -> line.split(" ")[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(Set.of("emc_records_received_total", "emc_records_delivered_total",
                "emc_records_dead_total", "emc_records_dropped_total", "emc_records_released_total", "emc_retries_total",
                "emc_duplicates_total",
                "emc_in_flight", "emc_batch_size", "emc_delivery_seconds", "emc_commit_seconds")), names);
    }

    @Test
    void gaugesAskTheWorker() throws IOException {
        metrics.gauges(() -> 12, () -> 345);
        has("emc_in_flight{connector=\"file-sink\"} 12.0");
        has("emc_lag{connector=\"file-sink\"} 345.0");
    }

    @Test
    void anUnknownLagIsAbsent() throws IOException {
        metrics.gauges(() -> 0, () -> -1);
        assertFalse(lines().stream().anyMatch(line -> line.startsWith("emc_lag")));
    }

    @Test
    void timesAreInSeconds() throws IOException {
        metrics.deliveryTook(20_000_000);
        has("emc_delivery_seconds_bucket{connector=\"file-sink\",le=\"0.01\"} 0");
        has("emc_delivery_seconds_bucket{connector=\"file-sink\",le=\"0.025\"} 1");
        has("emc_delivery_seconds_sum{connector=\"file-sink\"} 0.02");
    }

    @Test
    void batchSizesAreCountedInBuckets() throws IOException {
        metrics.batch(100);
        has("emc_batch_size_bucket{connector=\"file-sink\",le=\"64.0\"} 0");
        has("emc_batch_size_bucket{connector=\"file-sink\",le=\"256.0\"} 1");
    }

    @Test
    void theProcessTellsItsMemoryAndItsStart() throws IOException {
        double now = System.currentTimeMillis() / 1000.0;
        double start = value("process_start_time_seconds");
        assertTrue(start > now - 3600 && start <= now, start + " is not in the hour before " + now);
        assertTrue(value("process_resident_memory_bytes") > 1e6);
    }

    private double value(String name) throws IOException {
        return lines().stream().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst().orElseThrow();
    }

    @Test
    void protobufIsNotNeeded() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("com.google.protobuf.Message"));
        assertThrows(ClassNotFoundException.class,
                () -> Class.forName("io.prometheus.metrics.expositionformats.internal.PrometheusProtobufWriterImpl"));
    }

    @Test
    void nothingStartsAThread() throws IOException {
        List<Thread> before = new ArrayList<>(Thread.getAllStackTraces().keySet());
        WorkerMetrics other = new WorkerMetrics("other");
        other.batch(1);
        other.deliveryTook(1);
        other.write(new ByteArrayOutputStream());
        Set<String> started = Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread))
                .map(Thread::getName).collect(Collectors.toSet());
        assertEquals(Set.of(), started);
    }
}
