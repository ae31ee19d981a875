package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.testkit.Await;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.RedisServer;

/** Two file sources of one name with a registry in Redis: one is active, the other one stands by. */
class FailoverTest {

    private static final int RECORDS = 30_000;
    private static final Duration LEASE = Duration.ofSeconds(4);
    private static final Duration ENOUGH = Duration.ofMinutes(3);
    private static final Pattern WRITER = Pattern.compile("\"writer\":\"([ab])\"");
    private static final Pattern LINE = Pattern.compile("line (\\d+) of");

    @TempDir
    Path folder;

    private RedisServer redis;
    /** The first source's way to Redis. */
    private CuttableProxy network;
    private Pipeline pipeline;
    private EmcProcess active;
    private EmcProcess standby;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.inMemory();
        network = CuttableProxy.to(redis.address());
        pipeline = new Pipeline(folder);
        pipeline.writeInput(RECORDS);
        pipeline.startMesh();
        pipeline.startSink("--set", "connector.format=cloudevents");
        active = source("a", network.address());
        active.awaitOutput("is running", Pipeline.DEADLINE);
        standby = source("b", redis.address());
        standby.awaitOutput("is active", Pipeline.DEADLINE);
    }

    @AfterEach
    void stop() throws Exception {
        pipeline.close();
        network.close();
        redis.close();
    }

    /** A source whose events say who has sent them, so slow that there is time to disturb it. */
    private EmcProcess source(String writer, String address) throws IOException {
        return pipeline.source("--set", "name=pair", "--set", "transform.set.writer=" + writer, "--set", "registry.type=redis",
                "--set", "registry.redis.hosts=" + address, "--set", "registry.lease=" + LEASE, "--set",
                "rate.records-per-second=3000");
    }

    private List<String> writers() throws IOException {
        return Pipeline.lines(pipeline.output).stream().map(FailoverTest::writer).toList();
    }

    private static String writer(String event) {
        Matcher writer = WRITER.matcher(event);
        assertTrue(writer.find(), event);
        return writer.group(1);
    }

    private void awaitWriter(String writer, int records) throws Exception {
        Await.until(() -> writer + " has sent " + records + "\n" + active.output() + standby.output(), Pipeline.DEADLINE,
                () -> writers().stream().filter(writer::equals).count() >= records);
    }

    /** The standby takes over, finishes, and everything is there; the old one has sent nothing since. */
    private void assertTakenOverFor(Duration since) throws Exception {
        long begin = System.nanoTime() - since.toNanos();
        awaitWriter("b", 1);
        long took = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(took < 2 * LEASE.toMillis(), "taking over took " + took + " ms");
        System.out.println("taking over took " + took + " ms with a lease of " + LEASE.toMillis());
    }

    private void assertComplete() throws Exception {
        assertEquals(0, standby.awaitExit(ENOUGH), standby::output);
        Await.until(pipeline::said, ENOUGH, () -> arrived().size() == RECORDS);
        assertEquals(0, pipeline.sink.terminate(Pipeline.DEADLINE), pipeline.sink::output);
        List<String> writers = writers();
        int first = writers.indexOf("b");
        assertTrue(first > 0);
        assertFalse(writers.subList(first, writers.size()).contains("a"), "both have written");
    }

    private Set<Integer> arrived() throws IOException {
        Set<Integer> arrived = new TreeSet<>();
        for (String event : Pipeline.lines(pipeline.output)) {
            Matcher line = LINE.matcher(event);
            assertTrue(line.find(), event);
            arrived.add(Integer.parseInt(line.group(1)));
        }
        return arrived;
    }

    private static void signal(String name, EmcProcess process) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }

    @Test
    void theStandbyTakesOverFromAKilledSource() throws Exception {
        awaitWriter("a", 1000);
        active.kill();
        assertTakenOverFor(Duration.ZERO);
        assertComplete();
    }

    @Test
    void theStandbyTakesOverAtOnceFromASourceThatWasTold() throws Exception {
        awaitWriter("a", 1000);
        assertEquals(0, active.terminate(Pipeline.DEADLINE), active::output);
        assertTakenOverFor(Duration.ZERO);
        assertComplete();
    }

    @Test
    void aSourceThatWasPausedForLongerThanItsLeaseEndsAndWritesNothing() throws Exception {
        awaitWriter("a", 1000);
        signal("STOP", active);
        assertTakenOverFor(Duration.ZERO);
        awaitWriter("b", 1000);
        signal("CONT", active);
        assertEquals(1, active.awaitExit(Pipeline.DEADLINE), active::output);
        assertTrue(active.output().contains("worker 'pair' lost its lease"), active::output);
        assertTrue(active.output().contains(":" + standby.pid()), active::output);
        assertComplete();
    }

    @Test
    void aSourceThatIsCutOffFromRedisStopsSendingBeforeTheStandbyBegins() throws Exception {
        awaitWriter("a", 1000);
        network.blackHole();
        assertTakenOverFor(Duration.ZERO);
        awaitWriter("b", 1000);
        assertTrue(active.alive());
        network.mend();
        assertEquals(1, active.awaitExit(Pipeline.DEADLINE), active::output);
        assertTrue(active.output().contains("lost its lease"), active::output);
        assertComplete();
    }

    @Test
    void theSourceGoesOnWhenRedisComesBackWithoutItsData() throws Exception {
        awaitWriter("a", 1000);
        redis.kill();
        redis.restart();
        assertEquals(0, active.awaitExit(ENOUGH), active::output);
        assertEquals(0, standby.awaitExit(ENOUGH), standby::output);
        Await.until(pipeline::said, ENOUGH, () -> arrived().size() == RECORDS);
        assertFalse(writers().contains("b"), "the standby read again what the active one had finished");
    }

    @Test
    void aSourceWithAFileRegistryStartsNothingOfRedis() throws Exception {
        EmcProcess plain = pipeline.source("--set", "name=plain", "--set", "connector.follow=true");
        plain.awaitOutput("is running", Pipeline.DEADLINE);
        try (var tasks = Files.list(Path.of("/proc", Long.toString(plain.pid()), "task"))) {
            for (Path task : tasks.toList()) {
                String name = Files.readString(task.resolve("comm"));
                assertFalse(name.startsWith("vert.x") || name.startsWith("emc-lease"), name);
            }
        }
    }
}
