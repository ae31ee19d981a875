package dev.emc.core.tracing;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.core.engine.ForwardingPublisher;
import dev.emc.core.engine.ForwardingSubscriber;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.core.engine.MeshSubscriber;

/**
 * Traces records on their way to and from the mesh with OpenTelemetry: one span for each attempt to send a record, which ends
 * with the mesh's answer, and one for each received event, which ends when it is acknowledged. Nothing of OpenTelemetry is
 * touched before the way to the mesh is opened.
 */
public final class Tracing {

    private Tracing() {}

    /** A publisher that traces what it sends, and gives records without a {@code traceparent} one. */
    public static MeshPublisher traced(MeshPublisher publisher, TracingSettings settings) {
        return new TracedPublisher(publisher, () -> new Spans(settings, new SpanSender(settings)));
    }

    /** A subscriber that traces what becomes of what it receives. */
    public static MeshSubscriber traced(MeshSubscriber subscriber, TracingSettings settings) {
        return new TracedSubscriber(subscriber, () -> new Spans(settings, new SpanSender(settings)));
    }

    /** Spans from the time that they are needed on. */
    private static final class LazySpans implements AutoCloseable {

        private final Supplier<Spans> maker;
        private Spans spans;

        LazySpans(Supplier<Spans> maker) {
            this.maker = maker;
        }

        void open() {
            if (spans == null) {
                spans = maker.get();
            }
        }

        Span begin(ConnectorRecord record, String operation, SpanKind kind, String topic) {
            return spans.begin(record, operation, kind, topic);
        }

        @Override
        public void close() {
            if (spans != null) {
                spans.close();
                spans = null;
            }
        }
    }

    /** Sends with spans. */
    static final class TracedPublisher extends ForwardingPublisher {

        private final LazySpans spans;

        TracedPublisher(MeshPublisher publisher, Supplier<Spans> maker) {
            super(publisher);
            this.spans = new LazySpans(maker);
        }

        @Override
        public void open(Duration deadline) throws ConnectorException, InterruptedException {
            spans.open();
            super.open(deadline);
        }

        @Override
        public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
            Span span = spans.begin(record, "send", SpanKind.PRODUCER, topic);
            ConnectorRecord outgoing = Spans.withContext(record, span);
            super.publish(outgoing, topic, !span.isRecording() ? done : error -> {
                Spans.end(span, error);
                done.accept(error);
            });
        }

        @Override
        public void close() {
            super.close();
            spans.close();
        }
    }

    /** Receives with spans. */
    static final class TracedSubscriber extends ForwardingSubscriber {

        private final LazySpans spans;

        TracedSubscriber(MeshSubscriber subscriber, Supplier<Spans> maker) {
            super(subscriber);
            this.spans = new LazySpans(maker);
        }

        @Override
        public void open(Receiver receiver, Duration deadline) throws ConnectorException, InterruptedException {
            spans.open();
            super.open(receiver, deadline);
        }

        @Override
        protected Delivery received(Delivery delivery) {
            ConnectorRecord record = delivery.record();
            Span span = spans.begin(record, "process", SpanKind.CONSUMER, record.topic());
            return span.isRecording() ? new TracedDelivery(delivery, span) : delivery;
        }

        @Override
        public void close() {
            super.close();
            spans.close();
        }
    }

    private record TracedDelivery(MeshSubscriber.Delivery delivery, Span span) implements MeshSubscriber.Delivery {

        @Override
        public ConnectorRecord record() {
            return delivery.record();
        }

        @Override
        public Runnable acknowledgement() {
            return new TracedAcknowledgement(delivery.acknowledgement(), span);
        }
    }

    /** Equal to another one when both acknowledge the same push. */
    private record TracedAcknowledgement(Runnable acknowledgement, Span span) implements Runnable {

        @Override
        public void run() {
            span.end();
            acknowledgement.run();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof TracedAcknowledgement that && acknowledgement.equals(that.acknowledgement);
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(acknowledgement);
        }
    }
}
