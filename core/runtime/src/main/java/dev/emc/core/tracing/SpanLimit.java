package dev.emc.core.tracing;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;

/** Records what another sampler does, but only so many spans a second: the first ones, so that it costs the same at any load. */
final class SpanLimit implements Sampler {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Sampler sampler;
    private final int perSecond;
    private final LongSupplier clock;
    private final AtomicLong second = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong recorded = new AtomicLong();

    /** @param clock in nanoseconds */
    SpanLimit(Sampler sampler, int perSecond, LongSupplier clock) {
        this.sampler = sampler;
        this.perSecond = perSecond;
        this.clock = clock;
    }

    @Override
    public SamplingResult shouldSample(Context parent, String traceId, String name, SpanKind kind, Attributes attributes,
            List<LinkData> links) {
        long now = Math.floorDiv(clock.getAsLong(), SECOND);
        long before = second.get();
        if (now != before && second.compareAndSet(before, now)) {
            recorded.set(0);
        }
        if (recorded.get() >= perSecond) {
            return SamplingResult.drop();
        }
        SamplingResult result = sampler.shouldSample(parent, traceId, name, kind, attributes, links);
        if (result.getDecision() != SamplingResult.drop().getDecision()) {
            recorded.incrementAndGet();
        }
        return result;
    }

    @Override
    public String getDescription() {
        return "SpanLimit{" + perSecond + "," + sampler.getDescription() + "}";
    }
}
