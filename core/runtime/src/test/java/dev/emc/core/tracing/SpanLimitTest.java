package dev.emc.core.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;

class SpanLimitTest {

    private final AtomicLong clock = new AtomicLong(-1);

    @Test
    void soManyAreRecordedEachSecond() {
        SpanLimit limit = new SpanLimit(Sampler.alwaysOn(), 3, clock::get);

        assertEquals(3, recorded(limit, 10));
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertEquals(3, recorded(limit, 10));
    }

    @Test
    void whatTheOtherSamplerLeavesOutDoesNotCount() {
        assertEquals(0, recorded(new SpanLimit(Sampler.alwaysOff(), 3, clock::get), 10));
    }

    private static long recorded(SpanLimit limit, int spans) {
        long recorded = 0;
        for (int i = 0; i < spans; i++) {
            recorded += limit.shouldSample(Context.root(), "0af7651916cd43dd8448eb211c80319c", "send", SpanKind.PRODUCER,
                    Attributes.empty(), List.of()).getDecision() == SamplingDecision.RECORD_AND_SAMPLE ? 1 : 0;
        }
        return recorded;
    }
}
