package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreTest {

    private static final int SIZE = 1000;

    @TempDir
    Path folder;

    private final Topic topic = new Topic("t", 0, 0, 0);
    private final AtomicLong free = new AtomicLong(1L << 40);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<MeshServerException> failures = new ArrayList<>();
    private EventStore store;

    @BeforeEach
    void open() throws Exception {
        store = EventStore.open(folder, free::get, Runnable::run, log::add, failures::add);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] event(long number) {
        byte[] event = new byte[SIZE];
        ByteBuffer.wrap(event).putLong(number);
        return event;
    }

    private Batch.Change write(int count, long trimBefore) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Batch.Change change = write(count, trimBefore, done);
        done.get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
        return change;
    }

    private Batch.Change write(int count, long trimBefore, CompletableFuture<Void> done) {
        Batch batch = new Batch();
        Batch.Change change = batch.change(topic);
        for (int i = 0; i < count; i++) {
            change.events.add(event(topic.end()));
            topic.append(event(topic.end()));
        }
        batch.bytes = count * SIZE;
        change.trimBefore = trimBefore;
        store.write(batch, () -> done.complete(null));
        return change;
    }

    @Test
    void onAFullDiskAWriteWaitsForRoom() throws Exception {
        free.set(0);
        CompletableFuture<Void> done = new CompletableFuture<>();
        write(1, -1, done);
        Await.until(() -> log.stream().anyMatch(line -> line.contains("is full: publishers wait")));
        assertTrue(store.full());
        assertFalse(done.isDone());
        free.set(1L << 40);
        done.get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
        assertFalse(store.full());
        assertEquals(List.of(), failures);
    }

    @Test
    void aStoreOnAFullDiskCanBeClosed() throws Exception {
        free.set(0);
        write(1, -1, new CompletableFuture<>());
        Await.until(() -> !log.isEmpty());
        store.close();
        free.set(1L << 40);
        open();
        assertEquals(List.of(), read(0, SIZE));
    }

    private List<byte[]> read(long from, int maxBytes) throws Exception {
        CompletableFuture<List<byte[]>> read = new CompletableFuture<>();
        store.read("t", from, maxBytes, read::complete);
        return read.get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void eventsAreReadFromTheMiddleOverTheBlocksOfSeveralCommits() throws Exception {
        write(1, -1);
        write(150, -1);
        write(10, -1);
        List<byte[]> events = read(70, 1 << 20);
        assertEquals(161 - 70, events.size());
        for (int i = 0; i < events.size(); i++) {
            assertArrayEquals(event(70 + i), events.get(i));
        }
    }

    @Test
    void noMoreIsReadThanAskedForButOneEvent() throws Exception {
        write(100, -1);
        assertEquals(5, read(3, 5 * SIZE + 1).size());
        assertEquals(1, read(3, 1).size());
    }

    @Test
    void deletedEventsGiveTheirBytesBack() throws Exception {
        write(200, -1);
        long freed = write(0, 150).freed;
        assertTrue(freed > 80 * (SIZE + Topic.OVERHEAD) && freed <= 150 * (SIZE + Topic.OVERHEAD), () -> "freed " + freed);
        assertArrayEquals(event(150), read(150, 1).get(0));
        assertEquals(200 * (SIZE + Topic.OVERHEAD) - freed, write(0, 200).freed);
    }

    @Test
    void readingWhatHasBeenDeletedMeanwhileIsNoFailure() throws Exception {
        write(200, -1);
        write(0, 200);
        assertEquals(List.of(), read(150, 1000));
        write(200, -1);
        assertEquals(List.of(), read(150, 1000));
        assertEquals(List.of(), failures);
    }

    @Test
    void anEventThatIsMissingIsAFailureAndNotAnEndlessSearch() throws Exception {
        write(1, -1);
        store.read("t", 5, 1000, events -> {});
        Await.until(() -> !failures.isEmpty());
        assertTrue(failures.get(0).getMessage().contains("event 5 of topic t is missing"), failures.get(0).getMessage());
    }
}
