package dev.emc.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.MeshSubscriber.Delivery;
import dev.emc.core.engine.MeshSubscriber.Receiver;
import dev.emc.core.mesh.MeshSettings;
import dev.emc.core.mesh.TcpMeshPublisher;
import dev.emc.core.mesh.TcpMeshSubscriber;
import dev.emc.meshserver.MeshServerConfig;
import dev.emc.meshserver.Quirk;

/** The worker's way to the mesh against emc-mesh, and against what real servers do to their clients. */
class MeshChannelTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private EmbeddedMesh mesh;
    private TcpMeshPublisher publisher;
    private TcpMeshSubscriber subscriber;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private Duration heartbeat = Duration.ofSeconds(20);
    private final Intake intake = new Intake();

    @AfterEach
    void close() {
        if (publisher != null) {
            publisher.close();
        }
        if (subscriber != null) {
            subscriber.close();
        }
        mesh.close();
    }

    @Test
    void recordsComeOutAsTheyWentIn() throws Exception {
        open(MeshServerConfig.builder(), 1);
        byte[] binary = new byte[1 << 20];
        new Random(1).nextBytes(binary);
        List<ConnectorRecord> records = List.of(
                record("text").contentType("text/plain").text("zwölf Boxkämpfer \u0000 😀\n").build(),
                record("json").contentType("application/json;charset=UTF-8").text("{ \"a\" : 1.0 }").build(),
                record("binary").contentType("image/png").data(binary).build(), record("none").build(),
                record("empty").data(new byte[0]).build(),
                record("attributes").text("x").attribute("subject", "mine").attribute("dataschema", "urn:x").attribute("n", -1)
                        .attribute("yes", true).attribute("protocoltype", "mine")
                        .timestamp(Instant.parse("2026-11-22T10:00:00.123456789Z")).build());
        for (ConnectorRecord record : records) {
            publish(record);
            Delivery delivery = intake.take();
            delivery.acknowledge();
            assertEquals(record.attributes(), delivery.record().attributes());
            assertEquals(record.contentType(), delivery.record().contentType());
            assertEquals(record.timestamp(), delivery.record().timestamp());
            assertArrayEquals(record.data(), delivery.record().data());
            assertEquals("orders", delivery.record().topic());
        }
    }

    @Test
    void everyRecordArrivesWithExtensionsAdded() throws Exception {
        open(MeshServerConfig.builder().quirks(Quirk.ADD_EXTENSIONS), 1);
        publish(record("1").attribute("reqc2eventmeshtimestamp", "mine").text("x").build());
        assertEquals(Set.of("id", "source", "type", "reqc2eventmeshtimestamp"), intake.take().record().attributes().keySet());
    }

    @Test
    void everyRecordArrivesInOrder() throws Exception {
        open(MeshServerConfig.builder(), 1);
        publishMany(20_000);
        for (int i = 0; i < 20_000; i++) {
            Delivery delivery = intake.take();
            assertEquals("id" + i, delivery.record().id());
            delivery.acknowledge();
        }
    }

    @Test
    void everyRecordArrivesOverSeveralSessions() throws Exception {
        open(MeshServerConfig.builder(), 3);
        publishMany(5_000);
        takeAll(5_000);
    }

    @Test
    void everyRecordArrivesWhenAnswersAreLost() throws Exception {
        open(MeshServerConfig.builder().quirks(Quirk.LOST_ACKS), 1);
        publishMany(2_000);
        takeAll(2_000);
    }

    @Test
    void everyRecordArrivesWhenAnswersAreWrong() throws Exception {
        open(MeshServerConfig.builder().quirks(Quirk.FALSE_FAILURES), 1);
        publishMany(2_000);
        takeAll(2_000);
    }

    @Test
    void everyRecordArrivesAtAServerThatTakesFew() throws Exception {
        open(MeshServerConfig.builder().quirks(Quirk.SEND_TOO_FAST), 1);
        publishMany(5_000);
        takeAll(5_000);
    }

    @Test
    void everyRecordArrivesThoughTheServerDropsItsClients() throws Exception {
        open(MeshServerConfig.builder(), 2);
        Thread disturbing = disturb(() -> mesh.server().dropAll());
        publishMany(20_000);
        takeAll(20_000);
        disturbing.join();
    }

    @Test
    void everyRecordArrivesThoughTheServerSaysGoodbye() throws Exception {
        open(MeshServerConfig.builder(), 2);
        Thread disturbing = disturb(() -> mesh.server().kickAll());
        publishMany(20_000);
        takeAll(20_000);
        disturbing.join();
    }

    @Test
    void everyRecordArrivesWhenAnswersGoToOtherConnections() throws Exception {
        open(MeshServerConfig.builder().quirks(Quirk.MISROUTED_ACKS), 2);
        publishMany(2_000);
        takeAll(2_000);
    }

    @Test
    void everyRecordArrivesWhenTheServerReorders() throws Exception {
        open(MeshServerConfig.builder().quirks(Quirk.REORDER), 1);
        publishMany(2_000);
        takeAll(2_000);
    }

    @Test
    void everyRecordArrivesThoughItsSubscriberComesLate() throws Exception {
        openPublisher(MeshServerConfig.builder().quirks(Quirk.REFUSE_WITHOUT_SUBSCRIBER));
        BlockingQueue<Exception> refused = new LinkedBlockingQueue<>();
        publisher.publish(record("id0").text("x").build(), "orders", refused::add);
        publisher.flush();
        Exception error = refused.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertTrue(error instanceof RetryableException, () -> String.valueOf(error));
        openSubscriber(1);
        publishMany(100);
        takeAll(100);
    }

    @Test
    void aTopicThatDoesNotExistYetIsSubscribedToOnceItDoes() throws Exception {
        openPublisher(MeshServerConfig.builder().quirks(Quirk.UNKNOWN_TOPIC));
        Thread publishing = new Thread(() -> {
            try {
                Thread.sleep(300);
                publishMany(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        publishing.start();
        openSubscriber(1);
        takeAll(10);
        publishing.join();
    }

    @Test
    void aFullTopicGetsNoMoreDuplicatesThanTheServerWasAskedAgain() throws Exception {
        openPublisher(MeshServerConfig.builder().maxEvents(100));
        AtomicInteger failed = publishUntilStuck(1_000, 3);
        openSubscriber(1);
        takeAll(1_000);
        await("the rest, all duplicates, is taken", () -> {
            intake.acknowledgeAll();
            return mesh.server().stats().topic("orders").stored() == 0;
        });
        long twice = mesh.server().stats().topic("orders").published() - 1_000;
        assertTrue(twice <= failed.get() && failed.get() < 20, twice + " duplicates, " + failed + " given up");
    }

    @Test
    void everyRecordArrivesThoughAFullTopicNeverAnswers() throws Exception {
        openPublisher(MeshServerConfig.builder().maxEvents(100).quirks(Quirk.FULL_NEVER_ACKS));
        publishUntilStuck(500, 2);
        openSubscriber(1);
        takeAll(500);
    }

    @Test
    void anEventOverTheServersLimitIsPermanent() throws Exception {
        openPublisher(MeshServerConfig.builder().quirks(Quirk.SMALL_EVENTS));
        assertOverLimit(1000);
    }

    @Test
    void anEventOverTheLimitOfEmcMeshIsPermanent() throws Exception {
        openPublisher(MeshServerConfig.builder().maxEventSize(1000));
        assertOverLimit(1000);
    }

    private void assertOverLimit(int limit) throws InterruptedException {
        BlockingQueue<Exception> refused = new LinkedBlockingQueue<>();
        publisher.publish(record("big").text("x".repeat(limit + 1)).build(), "orders", refused::add);
        publisher.flush();
        Exception error = refused.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertTrue(error instanceof PermanentException, () -> String.valueOf(error));
        String message = error.getMessage();
        assertTrue(message.contains("'big'") && message.contains(" " + limit) && message.contains("maxEventSize"), message);
    }

    @Test
    void heartbeatsKeepAPublisherWhoseEventsDoNotCountAsLife() throws Exception {
        heartbeat = Duration.ofMillis(100);
        openPublisher(MeshServerConfig.builder().quirks(Quirk.HEARTBEATS_ONLY).idleTimeout(Duration.ofSeconds(1)));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (System.nanoTime() < end) {
            publish(record("id").text("x").build());
            assertTrue(publisher.state().ready());
        }
        assertEquals(List.of(), log);
    }

    @Test
    void aServerThatIsThereNoLongerIsNoticedAndComeBackTo() throws Exception {
        heartbeat = Duration.ofMillis(200);
        open(MeshServerConfig.builder(), 1);
        mesh.server().freeze();
        await("both notice it", () -> !publisher.state().ready() && !subscriber.state().ready());
        mesh.server().thaw();
        publishMany(100);
        takeAll(100);
    }

    @Test
    void whatALeavingMemberHasNotFinishedGoesToTheOthers() throws Exception {
        open(MeshServerConfig.builder(), 1);
        Intake others = new Intake();
        try (TcpMeshSubscriber other = new TcpMeshSubscriber(settings(1))) {
            other.open(others, DEADLINE);
            publishMany(1_000);
            others.take().acknowledge();
            intake.take().acknowledge();
            other.stopIntake();
        }
        // one each was done
        takeAll(998);
    }

    @Test
    void whatAMemberHeldWhenItEndedGoesToTheOthers() throws Exception {
        open(MeshServerConfig.builder(), 1);
        Intake others = new Intake();
        TcpMeshSubscriber other = new TcpMeshSubscriber(settings(1));
        other.open(others, DEADLINE);
        publishMany(1_000);
        others.take();
        other.close();
        takeAll(1_000);
    }

    /** Publishes so many, each again and again, until the server was silent to several attempts. */
    private AtomicInteger publishUntilStuck(int count, int attempts) throws Exception {
        CountDownLatch left = new CountDownLatch(count);
        AtomicInteger failed = new AtomicInteger();
        BlockingQueue<Integer> again = new LinkedBlockingQueue<>();
        for (int i = 0; i < count; i++) {
            publishOne(i, left, again, failed);
        }
        publisher.flush();
        Thread publishing = new Thread(() -> {
            try {
                while (left.getCount() > 0) {
                    Integer number = again.poll(20, TimeUnit.MILLISECONDS);
                    if (number != null) {
                        publishOne(number, left, again, failed);
                        publisher.flush();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        publishing.setDaemon(true);
        publishing.start();
        await("the server is silent", () -> failed.get() >= attempts);
        return failed;
    }

    private static Thread disturb(Runnable how) {
        Thread thread = new Thread(() -> {
            try {
                for (int i = 0; i < 4; i++) {
                    Thread.sleep(40);
                    how.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void unacknowledgedRecordsComeAgainOnANewConnection() throws Exception {
        open(MeshServerConfig.builder(), 1);
        publishMany(10);
        for (int i = 0; i < 10; i++) {
            intake.take();
        }
        subscriber.close();
        subscriber = new TcpMeshSubscriber(settings(1));
        subscriber.open(intake, DEADLINE);
        takeAll(10);
    }

    @Test
    void anOverlongRecordIsPermanentAndTheConnectionStays() throws Exception {
        open(MeshServerConfig.builder(), 1);
        BlockingQueue<Exception> refused = new LinkedBlockingQueue<>();
        publisher.publish(record("big").data(new byte[4 << 20]).build(), "orders", refused::add);
        publisher.flush();
        assertTrue(refused.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS) instanceof PermanentException);
        publish(record("small").text("x").build());
        assertEquals("small", intake.take().record().id());
    }

    private void open(MeshServerConfig.Builder config, int sessions) throws Exception {
        mesh = EmbeddedMesh.start(config.log(log::add));
        openSubscriber(sessions);
        publisher = new TcpMeshPublisher(settings(sessions));
        publisher.open(DEADLINE);
    }

    private void openSubscriber(int sessions) throws Exception {
        subscriber = new TcpMeshSubscriber(settings(sessions));
        subscriber.open(intake, DEADLINE);
    }

    private void openPublisher(MeshServerConfig.Builder config) throws Exception {
        mesh = EmbeddedMesh.start(config.log(log::add));
        publisher = new TcpMeshPublisher(settings(1));
        publisher.open(DEADLINE);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> what + " did not come true");
            Thread.sleep(10);
        }
    }

    private MeshSettings settings(int sessions) {
        return new MeshSettings("127.0.0.1", mesh.port(), "g", List.of("orders"), false, sessions, 256, Duration.ofSeconds(1),
                4 << 20, "PRD", "DEFAULT", "emc", null, null, 0, heartbeat);
    }

    private void publish(ConnectorRecord record) throws InterruptedException {
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        publisher.publish(record, "orders", error -> done.add(String.valueOf(error)));
        publisher.flush();
        assertEquals("null", done.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }

    /** Publishes records id0, id1 …, each again with the same id until the mesh has taken it. */
    private void publishMany(int count) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(count);
        BlockingQueue<Integer> again = new LinkedBlockingQueue<>();
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            publishOne(i, left, again, failed);
        }
        publisher.flush();
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (left.getCount() > 0 && System.nanoTime() < end) {
            Integer number = again.poll(20, TimeUnit.MILLISECONDS);
            if (number != null) {
                publishOne(number, left, again, failed);
            } else {
                publisher.flush();
            }
        }
        assertEquals(0, left.getCount(), "not accepted in time after " + failed + " failures");
    }

    private void publishOne(int number, CountDownLatch left, BlockingQueue<Integer> again, AtomicInteger failed) {
        publisher.publish(record("id" + number).text("x".repeat(500)).build(), "orders", error -> {
            if (error == null) {
                left.countDown();
            } else {
                failed.incrementAndGet();
                again.add(number);
            }
        });
    }

    private void takeAll(int count) throws InterruptedException {
        Set<String> ids = new HashSet<>();
        while (ids.size() < count) {
            Delivery delivery = intake.take();
            delivery.acknowledge();
            ids.add(delivery.record().id());
        }
    }

    private static ConnectorRecord.Builder<?> record(String id) {
        return ConnectorRecord.builder().attribute("id", id).attribute("source", "/s").attribute("type", "t");
    }

    private static final class Intake implements Receiver {

        private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

        @Override
        public void received(Delivery delivery) {
            deliveries.add(delivery);
        }

        @Override
        public void unreadable(String problem, byte[] body, Runnable acknowledge) {
            throw new AssertionError(problem);
        }

        void acknowledgeAll() {
            for (Delivery delivery = deliveries.poll(); delivery != null; delivery = deliveries.poll()) {
                delivery.acknowledge();
            }
        }

        Delivery take() throws InterruptedException {
            Delivery delivery = deliveries.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(delivery, "nothing was delivered in time");
            return delivery;
        }
    }
}
