package dev.emc.kafka;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;

/** Counts the batches that a producer divides because their topics refuse them as too long. */
final class Splits {

    /** A batch that is only a little too long, for it was compressed worse than expected, is divided once. */
    private static final int MANY = 5;

    private final Metric total;
    private final double before;

    /** Begins to count. */
    Splits(Producer<?, ?> producer) {
        this.total = producer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("batch-split-total")).findFirst().orElseThrow().getValue();
        this.before = value();
    }

    private double value() {
        return ((Number) total.metricValue()).doubleValue();
    }

    /** Whether so many were divided that it can't be of use. */
    boolean areInVain() {
        return value() - before >= MANY;
    }
}
