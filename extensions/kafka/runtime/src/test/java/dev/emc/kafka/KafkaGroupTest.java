package dev.emc.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.ConnectorRecord;
import dev.emc.kafka.KafkaBroker.Listener;
import dev.emc.testkit.Await;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.MeshReader;
import dev.emc.testkit.RunningWorker;

/** Sources that share the partitions of a topic. */
@Timeout(120)
class KafkaGroupTest {

    private static final int PARTITIONS = 6;

    @TempDir
    Path folder;
    private KafkaBroker broker;
    private Workers workers;
    private MeshReader reader;
    private String topic;
    private String group;

    @BeforeEach
    void begin() throws Exception {
        broker = KafkaBroker.shared();
        workers = new Workers(folder);
        reader = workers.reader();
        topic = broker.newTopic(PARTITIONS);
        group = topic + "-readers";
    }

    @AfterEach
    void end() throws Exception {
        workers.close();
    }

    private Map<String, String> settings(String... more) {
        Map<String, String> settings = Settings.of("bootstrap-servers", broker.address(Listener.DIRECT), "topics", topic,
                "group", group, "session-timeout", "3s");
        settings.putAll(Settings.of(more));
        return settings;
    }

    private RunningWorker member(String... more) throws Exception {
        return workers.source(settings(), more);
    }

    private static Set<String> numbers(int from, int to) {
        Set<String> numbers = new HashSet<>();
        IntStream.range(from, to).forEach(number -> numbers.add(Integer.toString(number)));
        return numbers;
    }

    private Set<String> arrived() {
        Set<String> texts = new HashSet<>();
        reader.records().forEach(event -> texts.add(event.text()));
        return texts;
    }

    private void awaitAll(int count) throws Exception {
        Await.until(() -> "all of " + count + " come; " + arrived().size() + " did", Duration.ofSeconds(60),
                () -> arrived().size() >= count);
        assertEquals(numbers(0, count), arrived());
    }

    /** Waits until the group is settled with so many members, each with a fair share. */
    private void awaitMembers(int count) throws Exception {
        Await.until(() -> count + " members share the partitions", Duration.ofSeconds(60), () -> {
            if (broker.admin().listGroups().all().get().stream().noneMatch(found -> found.groupId().equals(group))) {
                return false; // nobody has joined yet
            }
            ConsumerGroupDescription now = broker.admin().describeConsumerGroups(List.of(group)).all().get().get(group);
            List<Integer> shares = now.members().stream()
                    .map(member -> member.assignment().topicPartitions().size()).toList();
            return shares.size() == count && shares.stream().mapToInt(share -> share).sum() == PARTITIONS
                    && shares.stream().allMatch(share -> share >= PARTITIONS / count);
        });
    }

    /** Writes numbers until told to stop. */
    private final class Load extends Thread implements AutoCloseable {

        private final AtomicInteger written = new AtomicInteger();
        private volatile boolean stop;
        private volatile Exception failure;

        @Override
        public void run() {
            try {
                while (!stop) {
                    int from = written.get();
                    broker.write(Workers.numbers(topic, from, from + 50));
                    written.addAndGet(50);
                }
            } catch (Exception error) {
                failure = error;
            }
        }

        int stopWriting() throws Exception {
            stop = true;
            join();
            if (failure != null) {
                throw failure;
            }
            return written.get();
        }

        @Override
        public void close() throws Exception {
            stopWriting();
        }
    }

    private Load load() {
        Load load = workers.open(new Load());
        load.start();
        return load;
    }

    private void assertEventsHaveOneId() {
        Map<String, String> ids = new HashMap<>();
        for (ConnectorRecord event : reader.records()) {
            String before = ids.put(event.text(), event.id());
            assertTrue(before == null || before.equals(event.id()), () -> event + " was " + before);
        }
    }

    @Test
    void aMemberThatJoinsUnderLoadTakesItsShareAndNothingIsLostOrDoubled() throws Exception {
        RunningWorker one = member();
        Load load = load();
        Await.until("it reads", () -> reader.count() > 200);
        RunningWorker two = member();
        awaitMembers(2);
        two.await("the other one reads, too", () -> two.status().received() > 100);
        int written = load.stopWriting();
        awaitAll(written);
        one.drain();
        two.drain();
        assertEquals(written, reader.count(), "what was in flight was finished before it was handed over");
    }

    @Test
    void aMemberThatLeavesUnderLoadLosesAndDoublesNothing() throws Exception {
        RunningWorker one = member();
        RunningWorker two = member();
        awaitMembers(2);
        Load load = load();
        two.await("both read", () -> one.status().received() > 100 && two.status().received() > 100);
        two.drain();
        awaitMembers(1);
        int written = load.stopWriting();
        awaitAll(written);
        one.drain();
        assertEquals(written, reader.count());
    }

    @Test
    void whatADeadMemberHadIsReadByTheOthers() throws Exception {
        RunningWorker one = member();
        RunningWorker two = member("in-flight.max-records", "50");
        awaitMembers(2);
        Load load = load();
        two.await("both read", () -> one.status().received() > 100 && two.status().received() > 100);
        two.abort();
        awaitMembers(1);
        int written = load.stopWriting();
        awaitAll(written);
        one.drain();
        assertEventsHaveOneId();
    }

    @Test
    void partitionsAreHandedOverWhileTheMeshIsAway() throws Exception {
        CuttableProxy toMesh = workers.open(CuttableProxy.to(workers.mesh.address()));
        RunningWorker one = workers.source(settings("release-timeout", "500ms"), "mesh.address", toMesh.address());
        broker.write(Workers.numbers(topic, 0, 100));
        awaitAll(100);
        toMesh.stall();
        broker.write(Workers.numbers(topic, 100, 400));
        one.await("some are in flight", () -> one.status().inFlight() > 0);
        RunningWorker two = workers.source(settings("release-timeout", "500ms"));
        awaitMembers(2);
        toMesh.mend();
        awaitAll(400);
        one.drain();
        two.drain();
        assertEventsHaveOneId();
    }

    @Test
    void aWorkerThatMayNotReadForLongStaysInItsGroup() throws Exception {
        RunningWorker one = workers.source(settings("consumer.\"max.poll.interval.ms\"", "3000"), "in-flight.max-records", "10",
                "batch.max-records", "10");
        awaitMembers(1);
        workers.mesh.server().freeze();
        broker.write(Workers.numbers(topic, 0, 200));
        one.await("it is full", () -> one.status().inFlight() >= 8);
        assertTrue(Await.always(Duration.ofSeconds(5), () -> broker.admin().describeConsumerGroups(List.of(group)).all().get()
                .get(group).members().size() == 1), "it was thrown out");
        workers.mesh.server().thaw();
        awaitAll(200);
        one.drain();
        assertEquals(200, reader.count());
    }

    @Test
    void offsetsAreCommittedToTheGroup() throws Exception {
        RunningWorker one = member();
        broker.write(Workers.numbers(topic, 0, 120));
        awaitAll(120);
        one.drain();
        assertEquals(120, broker.committed(group, topic));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void bothProtocolsOfGroupsWork(String protocol) throws Exception {
        RunningWorker one = workers.source(settings("consumer.\"group.protocol\"", protocol));
        broker.write(Workers.numbers(topic, 0, 100));
        awaitAll(100);
        RunningWorker two = workers.source(settings("consumer.\"group.protocol\"", protocol));
        awaitMembers(2);
        broker.write(Workers.numbers(topic, 100, 200));
        awaitAll(200);
        one.drain();
        two.drain();
        assertEquals(200, reader.count());
    }
}
