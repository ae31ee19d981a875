package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.apache.eventmesh.common.protocol.tcp.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.wire.Frame;

/** emc-mesh with a data folder is killed with SIGKILL, many times, at random moments. */
class KillTest {

    private static final int KILLS = 3;

    @TempDir
    Path folder;

    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Set<String> received = new HashSet<>();
    private int published;

    private ChildMesh start() throws Exception {
        return new ChildMesh("--port", "0", "--data", folder.toString(), "--max-memory", "1M");
    }

    private static BooleanSupplier soon() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(100, 700));
        return () -> System.nanoTime() < end;
    }

    private void publishWhile(TestClient publisher, BooleanSupplier more) throws InterruptedException {
        while (more.getAsBoolean()) {
            for (int i = 0; i < 50; i++) {
                publish(publisher);
            }
            Thread.sleep(1);
        }
    }

    private void publish(TestClient publisher) {
        String name = "e" + published++ + "x".repeat(200);
        publisher.publishLater("t", name).thenAccept(answer -> {
            if (answer.code() == Frame.SUCCESS) {
                answered.add(name);
            }
        });
    }

    private void receiveWhile(TestClient subscriber, BooleanSupplier more) throws InterruptedException {
        while (more.getAsBoolean()) {
            Frame push = subscriber.pushed.poll(10, TimeUnit.MILLISECONDS);
            if (push != null) {
                received.add(TestClient.data(push));
                subscriber.acknowledge(push);
            }
        }
    }

    private void receiveTheRest() throws Exception {
        try (ChildMesh mesh = start(); TestClient subscriber = TestClient.subscriber(mesh.port(), "g", "t")) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestClient.WAIT_SECONDS);
            receiveWhile(subscriber, () -> !received.containsAll(answered) && System.nanoTime() < deadline);
        }
        Set<String> lost = new HashSet<>(answered);
        lost.removeAll(received);
        assertTrue(lost.isEmpty(), () -> lost.size() + " of " + answered.size() + " answered events are lost");
    }

    @Test
    void killedWhilePublishingItLosesNothingThatItAnswered() throws Exception {
        for (int i = 0; i < KILLS; i++) {
            try (ChildMesh mesh = start(); TestClient publisher = TestClient.publisher(mesh.port())) {
                int before = answered.size();
                publishWhile(publisher, () -> answered.size() == before);
                publishWhile(publisher, soon());
                mesh.kill();
            }
        }
        receiveTheRest();
    }

    @Test
    void killedWhileDeliveringItLosesNothing() throws Exception {
        try (ChildMesh mesh = start(); TestClient publisher = TestClient.publisher(mesh.port())) {
            for (int i = 0; i < 20_000; i++) {
                publish(publisher);
            }
            Await.until(() -> answered.size() == 20_000);
            mesh.kill();
        }
        for (int i = 0; i < KILLS; i++) {
            try (ChildMesh mesh = start(); TestClient subscriber = TestClient.subscriber(mesh.port(), "g", "t")) {
                receiveWhile(subscriber, soon());
                mesh.kill();
            }
        }
        receiveTheRest();
    }

    @Test
    void killedUnderFullLoadItLosesNothingThatItAnswered() throws Exception {
        for (int i = 0; i < KILLS; i++) {
            try (ChildMesh mesh = start();
                    TestClient publisher = TestClient.publisher(mesh.port());
                    TestClient subscriber = TestClient.subscriber(mesh.port(), "g", "t")) {
                BooleanSupplier more = soon();
                Thread publishing = new Thread(() -> {
                    try {
                        publishWhile(publisher, more);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                publishing.start();
                receiveWhile(subscriber, more);
                mesh.kill();
                publishing.join();
            }
        }
        receiveTheRest();
    }

    @Test
    void whatWasAcknowledgedBeforeAnOrderlyEndDoesNotComeAgain() throws Exception {
        try (ChildMesh mesh = start();
                TestClient publisher = TestClient.publisher(mesh.port());
                TestClient subscriber = TestClient.subscriber(mesh.port(), "g", "t")) {
            for (String name : List.of("a", "b", "c")) {
                publisher.publish("t", name);
            }
            assertEquals(List.of("a", "b"), subscriber.receive(2));
            // answered after the acknowledgements before it were taken in
            subscriber.request(Command.HEARTBEAT_REQUEST, null);
            mesh.terminate();
            assertEquals(0, mesh.exitCode());
        }
        try (ChildMesh mesh = start(); TestClient subscriber = TestClient.subscriber(mesh.port(), "g", "t")) {
            assertEquals(List.of("c"), subscriber.receive(1));
        }
    }
}
