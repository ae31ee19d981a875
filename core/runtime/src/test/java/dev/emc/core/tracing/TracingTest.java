package dev.emc.core.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.core.engine.MeshState;
import dev.emc.core.engine.MeshSubscriber;
import dev.emc.core.tracing.Tracing.TracedPublisher;
import dev.emc.core.tracing.Tracing.TracedSubscriber;

class TracingTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SAMPLED = "00-" + TRACE + "-b7ad6b7169203331-01";
    private static final String NOT_SAMPLED = "00-" + TRACE + "-b7ad6b7169203331-00";

    private final List<SpanData> spans = new CopyOnWriteArrayList<>();
    private final List<ConnectorRecord> published = new ArrayList<>();
    private final List<Consumer<Exception>> answers = new ArrayList<>();
    private final List<MeshSubscriber.Delivery> received = new ArrayList<>();
    private MeshSubscriber.Receiver receiver;
    private BooleanSupplier permission;

    @Test
    void aSentRecordHasASpanThatEndsWithTheMeshsAnswer() throws Exception {
        try (MeshPublisher publisher = publisher(1)) {
            publisher.publish(record().build(), "orders", error -> {});
            answers.get(0).accept(null);
        }

        assertEquals(1, spans.size());
        SpanData span = spans.get(0);
        assertEquals("send orders", span.getName());
        assertEquals(SpanKind.PRODUCER, span.getKind());
        assertEquals(StatusCode.UNSET, span.getStatus().getStatusCode());
        assertEquals("worker", span.getResource().getAttribute(AttributeKey.stringKey("service.name")));
        assertEquals("eventmesh", attribute(span, "messaging.system"));
        assertEquals("orders", attribute(span, "messaging.destination.name"));
        assertEquals("1", attribute(span, "cloudevents.event_id"));
        assertEquals("order.created", attribute(span, "cloudevents.event_type"));
    }

    @Test
    void aSentRecordCarriesTheContextOfItsSpan() throws Exception {
        try (MeshPublisher publisher = publisher(1)) {
            publisher.publish(record().build(), "orders", error -> {});
            answers.get(0).accept(null);
        }

        assertEquals("00-" + spans.get(0).getTraceId() + "-" + spans.get(0).getSpanId() + "-01",
                published.get(0).attribute("traceparent"));
        assertSame(record().build().attribute("type"), published.get(0).attribute("type"));
    }

    @Test
    void aRecordOfASourceKeepsItsPlace() throws Exception {
        Position position = new Position(Map.of("file", "a"), Map.of("byte", 1));
        try (MeshPublisher publisher = publisher(1)) {
            publisher.publish(SourceRecord.at(position).attributes(record().build().attributes()).build(), "orders",
                    error -> {});
        }

        assertSame(position, ((SourceRecord) published.get(0)).progress());
    }

    @Test
    void aContextThatTheRecordBringsIsKept() throws Exception {
        ConnectorRecord record = record().attribute("traceparent", SAMPLED).attribute("tracestate", "a=b").build();
        try (MeshPublisher publisher = publisher(0)) {
            publisher.publish(record, "orders", error -> {});
            answers.get(0).accept(null);
        }

        assertSame(record, published.get(0));
        assertEquals(TRACE, spans.get(0).getTraceId());
        assertEquals("b7ad6b7169203331", spans.get(0).getParentSpanId());
    }

    @Test
    void aFailedAttemptIsAFailedSpan() throws Exception {
        List<Exception> told = new ArrayList<>();
        RetryableException failure = new RetryableException("no answer");
        try (MeshPublisher publisher = publisher(1)) {
            publisher.publish(record().build(), "orders", told::add);
            answers.get(0).accept(failure);
        }

        assertEquals(List.of(failure), told);
        assertEquals(StatusCode.ERROR, spans.get(0).getStatus().getStatusCode());
        assertEquals("no answer", spans.get(0).getStatus().getDescription());
        assertEquals(RetryableException.class.getName(), attribute(spans.get(0), "error.type"));
    }

    @Test
    void aTraceThatIsNotSampledIsSaidToTheNext() throws Exception {
        try (MeshPublisher publisher = publisher(0)) {
            publisher.publish(record().build(), "orders", error -> {});
            answers.get(0).accept(null);
        }

        assertEquals(List.of(), spans);
        assertTrue(published.get(0).attribute("traceparent").matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"));
    }

    @Test
    void aReceivedEventHasASpanInItsTraceThatEndsWithTheAcknowledgement() throws Exception {
        TestDelivery delivery = new TestDelivery(record().topic("orders").attribute("traceparent", SAMPLED).build());
        try (MeshSubscriber subscriber = subscriber()) {
            receiver.received(delivery);
            assertEquals(List.of(), spans);
            received.get(0).acknowledge();
        }

        assertTrue(delivery.acknowledged);
        assertSame(delivery.record, received.get(0).record());
        assertEquals("process orders", spans.get(0).getName());
        assertEquals(SpanKind.CONSUMER, spans.get(0).getKind());
        assertEquals(TRACE, spans.get(0).getTraceId());
        assertEquals("b7ad6b7169203331", spans.get(0).getParentSpanId());
    }

    @Test
    void anEventOfATraceThatIsNotSampledIsLeftAlone() throws Exception {
        TestDelivery delivery = new TestDelivery(record().topic("orders").attribute("traceparent", NOT_SAMPLED).build());
        try (MeshSubscriber subscriber = subscriber()) {
            receiver.received(delivery);
        }

        assertSame(delivery, received.get(0));
    }

    @Test
    void anEventWithoutContextBeginsATrace() throws Exception {
        try (MeshSubscriber subscriber = subscriber()) {
            receiver.received(new TestDelivery(record().topic("orders").attribute("traceparent", "nonsense").build()));
            received.get(0).acknowledge();
        }

        assertNotEquals(TRACE, spans.get(0).getTraceId());
        assertEquals("0000000000000000", spans.get(0).getParentSpanId());
    }

    @Test
    void acknowledgementsOfOnePushStayEqual() throws Exception {
        TestDelivery delivery = new TestDelivery(record().topic("orders").build());
        try (MeshSubscriber subscriber = subscriber()) {
            receiver.received(delivery);
            receiver.received(delivery);
        }

        assertEquals(received.get(0).acknowledgement(), received.get(1).acknowledgement());
        assertEquals(received.get(0).acknowledgement().hashCode(), received.get(1).acknowledgement().hashCode());
    }

    @Test
    void thePermissionToSendReachesTheConnection() {
        BooleanSupplier lease = () -> true;
        Tracing.traced(new TestPublisher(), settings(1)).onlyWhile(lease);
        assertSame(lease, permission);
    }

    @Test
    void nothingIsStartedBeforeTheMeshIsOpened() {
        long before = Thread.getAllStackTraces().keySet().stream().filter(TracingTest::isOfTelemetry).count();
        Tracing.traced(new TestPublisher(), settings(1)).close();

        assertEquals(before, Thread.getAllStackTraces().keySet().stream().filter(TracingTest::isOfTelemetry).count());
    }

    @Test
    void noMoreSpansASecondAreRecordedThanAllowed() throws Exception {
        try (MeshPublisher publisher = publisher(1)) {
            for (int i = 0; i < 1000; i++) {
                publisher.publish(record().build(), "orders", error -> {});
                answers.get(i).accept(null);
            }
        }

        assertTrue(spans.size() >= 50 && spans.size() <= 500, spans.size() + " spans");
        assertEquals(1000, published.stream().filter(record -> record.attribute("traceparent") != null).count());
    }

    private static boolean isOfTelemetry(Thread thread) {
        return thread.getName().contains("BatchSpanProcessor");
    }

    private static String attribute(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    private static ConnectorRecord.Builder<?> record() {
        return ConnectorRecord.builder().attribute("id", "1").attribute("source", "urn:shop").attribute("type", "order.created")
                .text("x");
    }

    private static TracingSettings settings(double sampling) {
        return new TracingSettings(URI.create("http://127.0.0.1:1/v1/traces"), Map.of(), Map.of("service.name", "worker"),
                sampling,
                50);
    }

    private MeshPublisher publisher(double sampling) throws Exception {
        MeshPublisher publisher = new TracedPublisher(new TestPublisher(),
                () -> new Spans(settings(sampling), new Collector()));
        publisher.open(Duration.ZERO);
        return publisher;
    }

    private MeshSubscriber subscriber() throws Exception {
        MeshSubscriber subscriber = new TracedSubscriber(new TestSubscriber(), () -> new Spans(settings(1), new Collector()));
        subscriber.open(new MeshSubscriber.Receiver() {

            @Override
            public void received(MeshSubscriber.Delivery delivery) {
                received.add(delivery);
            }

            @Override
            public void unreadable(String problem, byte[] body, Runnable acknowledge) {}
        }, Duration.ZERO);
        return subscriber;
    }

    private final class Collector implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> some) {
            spans.addAll(some);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private final class TestPublisher implements MeshPublisher {

        @Override
        public void open(Duration deadline) {}

        @Override
        public void onlyWhile(BooleanSupplier asked) {
            permission = asked;
        }

        @Override
        public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
            published.add(record);
            answers.add(done);
        }

        @Override
        public void flush() {}

        @Override
        public MeshState state() {
            return null;
        }

        @Override
        public void close() {}
    }

    private final class TestSubscriber implements MeshSubscriber {

        @Override
        public void open(Receiver to, Duration deadline) {
            receiver = to;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void stopIntake() {}

        @Override
        public MeshState state() {
            return null;
        }

        @Override
        public void close() {}
    }

    private static final class TestDelivery implements MeshSubscriber.Delivery {

        private final ConnectorRecord record;
        private boolean acknowledged;
        private final Runnable acknowledgement = () -> acknowledged = true;

        TestDelivery(ConnectorRecord record) {
            this.record = record;
        }

        @Override
        public ConnectorRecord record() {
            return record;
        }

        @Override
        public Runnable acknowledgement() {
            return acknowledgement;
        }
    }
}
