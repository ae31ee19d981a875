package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.eventmesh.common.protocol.tcp.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.wire.Frame;

class BackpressureTest extends ServerTest {

    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path folder;

    private List<CompletableFuture<Frame>> publishLater(TestClient publisher, int from, int to) {
        List<CompletableFuture<Frame>> answers = new ArrayList<>();
        names(from, to).forEach(name -> answers.add(publisher.publishLater("t", name)));
        return answers;
    }

    private static long done(List<CompletableFuture<Frame>> answers) {
        return answers.stream().filter(CompletableFuture::isDone).count();
    }

    @Test
    void aFullTopicHoldsItsPublishersUntilASubscriberComes() throws Exception {
        start(MeshServerConfig.builder().maxEvents(100));
        List<CompletableFuture<Frame>> answers = publishLater(publisher(), 0, 1000);
        Await.until(() -> topic().waiting() > 0);
        assertEquals(100, topic().stored());
        assertTrue(done(answers) <= 100);
        assertEquals(names(0, 1000), subscriber("g", "t").receive(1000));
        for (CompletableFuture<Frame> answer : answers) {
            assertEquals(Frame.SUCCESS, answer.get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS).code());
        }
    }

    @Test
    void theLogSaysOnceWhyPublishersWaitAndWhatToDo() throws Exception {
        start(MeshServerConfig.builder().maxEvents(100));
        TestClient publisher = publisher();
        publishLater(publisher, 0, 1000);
        Await.until(() -> topic().waiting() > 0);
        subscriber("g", "t").receive(1000);
        assertEquals(1, log.size(), log::toString);
        assertTrue(logged("Topic 't' is full") && logged("no subscriber has come yet: start one"), log::toString);
    }

    @Test
    void theLogNamesTheGroupThatHoldsEventsBack() throws Exception {
        start(MeshServerConfig.builder().maxEvents(10));
        subscriber("absent", "t").close();
        Await.until(() -> server.stats().sessions() == 0);
        publishLater(publisher(), 0, 20);
        Await.until(() -> !log.isEmpty());
        assertTrue(logged("group 'absent' has no subscriber running") && logged("--drop-group t/absent"), log::toString);
    }

    @Test
    void bytesInMemoryAreBounded() throws Exception {
        start(MeshServerConfig.builder().maxMemory(MEBIBYTE));
        TestClient publisher = publisher();
        for (int i = 0; i < 5000; i++) {
            publisher.publishLater("t", "x".repeat(1000));
        }
        Await.until(() -> topic().waiting() > 0);
        assertTrue(server.stats().storedBytes() <= MEBIBYTE);
        // what the network had brought before reading stopped
        assertTrue(topic().waiting() < 2000, () -> "waiting " + topic().waiting());
        subscriber("g", "t").receive(5000);
    }

    @Test
    void anEventLargerThanTheLimitGoesThroughAlone() throws Exception {
        start(MeshServerConfig.builder().maxMemory(1000));
        TestClient subscriber = subscriber("g", "t");
        TestClient publisher = publisher();
        publisher.publishLater("t", "x".repeat(5000));
        publisher.publishLater("t", "y".repeat(5000));
        assertEquals(2, subscriber.receive(2).size());
    }

    @Test
    void aFullTopicDoesNotHoldOtherTopicsUp() throws Exception {
        start(MeshServerConfig.builder().maxEvents(10));
        publishLater(publisher(), 0, 100);
        Await.until(() -> topic().waiting() > 0);
        assertEquals(Frame.SUCCESS, publisher().publish("other", "x").code());
    }

    @Test
    void aWaitingPublisherIsNotTakenForDead() throws Exception {
        start(MeshServerConfig.builder().maxEvents(10).idleTimeout(Duration.ofMillis(300)));
        TestClient waiting = publisher();
        TestClient silent = publisher();
        publishLater(waiting, 0, 100);
        silent.awaitClosed();
        assertTrue(waiting.connected());
    }

    @Test
    void eventsOfAPublisherThatGaveUpAreForgotten() throws Exception {
        start(MeshServerConfig.builder().maxEvents(10));
        TestClient impatient = publisher();
        publishLater(impatient, 0, 100);
        Await.until(() -> topic().waiting() > 0);
        impatient.close();
        Await.until(() -> topic().waiting() == 0);
        assertEquals(names(0, 10), subscriber("g", "t").receive(10));
    }

    @Test
    void aSubscriberThatDoesNotReadIsNotWrittenTo() throws Exception {
        start(MeshServerConfig.builder().window(100_000).windowBytes(1L << 40));
        TestClient deaf = subscriber("g", "t");
        deaf.reading(false);
        TestClient publisher = publisher();
        for (int i = 0; i < 20_000; i++) {
            publisher.publishLater("t", "x".repeat(1000));
        }
        publisher.request(Command.HEARTBEAT_REQUEST, null);
        assertTrue(group("g").pending() > 5_000, () -> "pending " + group("g").pending());
        deaf.reading(true);
        deaf.receive(20_000);
    }

    @Test
    void withADataFolderOldEventsLeaveTheMemory() throws Exception {
        start(MeshServerConfig.builder().data(folder).maxMemory(MEBIBYTE));
        TestClient publisher = publisher();
        List<CompletableFuture<Frame>> answers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            answers.add(publisher.publishLater("t", "e" + i + " " + "x".repeat(1000)));
        }
        for (CompletableFuture<Frame> answer : answers) {
            answer.get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
        }
        assertTrue(server.stats().memoryBytes() <= MEBIBYTE, () -> server.stats().toString());
        assertEquals(20_000, topic().stored());
        List<String> received = subscriber("g", "t").receive(20_000);
        for (int i = 0; i < 20_000; i++) {
            assertTrue(received.get(i).startsWith("e" + i + " "));
        }
    }

    @Test
    void bytesOnDiskAreBounded() throws Exception {
        start(MeshServerConfig.builder().data(folder).maxDisk(MEBIBYTE));
        TestClient publisher = publisher();
        for (int i = 0; i < 5000; i++) {
            publisher.publishLater("t", "x".repeat(1000));
        }
        Await.until(() -> topic().waiting() > 0);
        assertTrue(server.stats().storedBytes() <= MEBIBYTE);
        assertTrue(logged("--max-disk"), log::toString);
        subscriber("g", "t").receive(5000);
        Await.until(() -> server.stats().storedBytes() < 200_000);
    }

    @Test
    void theDataFolderDoesNotGrowWithWhatPassedThrough() throws Exception {
        start(MeshServerConfig.builder().data(folder));
        TestClient subscriber = subscriber("g", "t");
        TestClient publisher = publisher();
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 1000; i++) {
                publisher.publishLater("t", "x".repeat(1000));
            }
            subscriber.receive(1000);
        }
        assertFalse(folder.resolve("mesh.mv").toFile().length() > 15 * MEBIBYTE,
                () -> folder.resolve("mesh.mv").toFile().length() + " bytes");
    }
}
