package dev.emc.registry.redis;

import static dev.emc.registry.redis.Store.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.Registry;
import dev.emc.testkit.Await;
import dev.emc.testkit.RedisServer;

/** Holders of a lease that are paused and killed. */
@Timeout(120)
class RedisProcessTest {

    private final List<Process> children = new ArrayList<>();
    private RedisServer redis;
    private Store store;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.inMemory();
        store = Store.at(redis.address());
    }

    @AfterEach
    void stop() throws Exception {
        for (Process child : children) {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
        store.close();
        redis.close();
    }

    /** Saves ever larger positions as long as it may; says why it ended. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (Store store = Store.at(args[0])) {
                Registry registry = store.opened("w");
                System.out.println("open");
                for (long next = 1;; next++) {
                    try {
                        registry.save(registry.held() ? List.of(at("a", next)) : List.of());
                    } catch (RetryableException unsure) {
                        continue;
                    }
                    Thread.sleep(1);
                }
            } catch (FatalException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    private Process holder() throws IOException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-Xmx96m", "-cp", System.getProperty("java.class.path"), Holder.class.getName(),
                redis.address()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        children.add(child);
        return child;
    }

    private static void signal(String name, Process process) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }

    private long saved() throws Exception {
        return store.offsets().read("w").orElseThrow().positions().stream()
                .mapToLong(position -> (Long) position.offset().get("byte")).findFirst().orElse(0);
    }

    @Test
    void aHolderThatWasPausedForLongerThanItsLeaseIsRefused() throws Exception {
        Process holder = holder();
        try (BufferedReader said = holder.inputReader()) {
            assertEquals("open", said.readLine());
            Await.until("it saves", () -> saved() > 10);
            signal("STOP", holder);
            Registry standby = store.takenOver("w");
            long before = saved();
            signal("CONT", holder);
            String why = said.readLine();
            assertTrue(why.contains("lost its lease"), why);
            assertTrue(why.contains(":" + ProcessHandle.current().pid()), why);
            assertEquals(before, saved());
            assertTrue(standby.held());
        }
    }

    @Test
    void whatAKilledHolderHasSavedIsThereForTheNextOne() throws Exception {
        Process holder = holder();
        try (BufferedReader said = holder.inputReader()) {
            assertEquals("open", said.readLine());
            Await.until("it saves", () -> saved() > 10);
            holder.destroyForcibly().waitFor();
            long last = saved();
            store.takenOver("w");
            assertEquals(last, saved());
        }
    }
}
