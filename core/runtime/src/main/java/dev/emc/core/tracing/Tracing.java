package dev.emc.core.tracing;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.core.engine.MeshState;
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

    /** Sends with spans. */
    static final class TracedPublisher implements MeshPublisher {

        private final MeshPublisher publisher;
        private final Supplier<Spans> maker;
        private Spans spans;

        TracedPublisher(MeshPublisher publisher, Supplier<Spans> maker) {
            this.publisher = publisher;
            this.maker = maker;
        }

        @Override
        public void open(Duration deadline) throws ConnectorException, InterruptedException {
            if (spans == null) {
                spans = maker.get();
            }
            publisher.open(deadline);
        }

        @Override
        public void onlyWhile(BooleanSupplier permission) {
            publisher.onlyWhile(permission);
        }

        @Override
        public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
            Span span = spans.begin(record, "send", SpanKind.PRODUCER, topic);
            ConnectorRecord outgoing = Spans.withContext(record, span);
            publisher.publish(outgoing, topic, !span.isRecording() ? done : error -> {
                Spans.end(span, error);
                done.accept(error);
            });
        }

        @Override
        public void flush() {
            publisher.flush();
        }

        @Override
        public MeshState state() {
            return publisher.state();
        }

        @Override
        public void close() {
            publisher.close();
            if (spans != null) {
                spans.close();
                spans = null;
            }
        }
    }

    /** Receives with spans. */
    static final class TracedSubscriber implements MeshSubscriber {

        private final MeshSubscriber subscriber;
        private final Supplier<Spans> maker;
        private Spans spans;

        TracedSubscriber(MeshSubscriber subscriber, Supplier<Spans> maker) {
            this.subscriber = subscriber;
            this.maker = maker;
        }

        @Override
        public void open(Receiver receiver, Duration deadline) throws ConnectorException, InterruptedException {
            if (spans == null) {
                spans = maker.get();
            }
            subscriber.open(new Receiver() {

                @Override
                public void received(Delivery delivery) {
                    ConnectorRecord record = delivery.record();
                    Span span = spans.begin(record, "process", SpanKind.CONSUMER, record.topic());
                    receiver.received(span.isRecording() ? new TracedDelivery(delivery, span) : delivery);
                }

                @Override
                public void unreadable(String problem, byte[] body, Runnable acknowledge) {
                    receiver.unreadable(problem, body, acknowledge);
                }
            }, deadline);
        }

        @Override
        public void pause() {
            subscriber.pause();
        }

        @Override
        public void resume() {
            subscriber.resume();
        }

        @Override
        public void stopIntake() {
            subscriber.stopIntake();
        }

        @Override
        public MeshState state() {
            return subscriber.state();
        }

        @Override
        public boolean exhausted() throws FatalException {
            return subscriber.exhausted();
        }

        @Override
        public void close() {
            subscriber.close();
            if (spans != null) {
                spans.close();
                spans = null;
            }
        }
    }

    private record TracedDelivery(MeshSubscriber.Delivery delivery, Span span) implements MeshSubscriber.Delivery {

        @Override
        public ConnectorRecord record() {
            return delivery.record();
        }

        @Override
        public void acknowledge() {
            span.end();
            delivery.acknowledge();
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
