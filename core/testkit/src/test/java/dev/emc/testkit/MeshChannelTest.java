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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
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
        Exception[] error = new Exception[1];
        publisher.publish(record("big").data(new byte[4 << 20]).build(), "orders", e -> error[0] = e);
        assertTrue(error[0] instanceof PermanentException);
        publish(record("small").text("x").build());
        assertEquals("small", intake.take().record().id());
    }

    private void open(MeshServerConfig.Builder config, int sessions) throws Exception {
        mesh = EmbeddedMesh.start(config);
        subscriber = new TcpMeshSubscriber(settings(sessions));
        subscriber.open(intake, DEADLINE);
        publisher = new TcpMeshPublisher(settings(sessions));
        publisher.open(DEADLINE);
    }

    private MeshSettings settings(int sessions) {
        return new MeshSettings("127.0.0.1", mesh.port(), "g", List.of("orders"), false, sessions, 256, Duration.ofSeconds(1),
                4 << 20, "PRD", "DEFAULT", "emc", null, null, 0, Duration.ofSeconds(20));
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

        Delivery take() throws InterruptedException {
            Delivery delivery = deliveries.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(delivery, "nothing was delivered in time");
            return delivery;
        }
    }
}
