package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.emc.api.RetryableException;
import dev.emc.testkit.Await;

/** A database that dies and comes back while rows are written at full speed. */
class RestartTest {

    private static final int BATCH = 100;
    private static final int RESTARTS = 3;

    private static DatabaseServer start(Vendor vendor) throws Exception {
        return switch (vendor) {
            case POSTGRESQL -> PostgresServer.start();
            case MARIADB -> MariaDbServer.start();
            case MYSQL -> MySqlServer.start();
            case H2 -> H2Server.start();
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB", "MYSQL"})
    void losesNoRow(Vendor vendor) throws Exception {
        try (DatabaseServer server = start(vendor)) {
            server.execute("CREATE TABLE orders (id INT PRIMARY KEY, item VARCHAR(100))");
            AtomicInteger written = new AtomicInteger();
            AtomicInteger tried = new AtomicInteger();
            CompletableFuture<Void> writing = new CompletableFuture<>();
            Thread writer = new Thread(() -> {
                try (SinkRun sink = new SinkRun(Configs.sink(server, "table", "orders"))) {
                    write(sink, written, tried, writing);
                } catch (Throwable e) {
                    writing.completeExceptionally(e);
                }
            });
            writer.start();
            for (int i = 0; i < RESTARTS; i++) {
                int before = written.get();
                Await.until("it writes on", () -> writing.isDone() || written.get() > before + 10 * BATCH);
                server.kill();
                server.restart();
            }
            int last = written.get() + 10 * BATCH;
            Await.until("it writes after the last restart", () -> writing.isDone() || written.get() > last);
            boolean running = writing.complete(null);
            writer.join(TimeUnit.SECONDS.toMillis(60));
            assertTrue(running, () -> "writing ended: " + writing.handle((ok, e) -> e).join());
            assertTrue(tried.get() >= RESTARTS, () -> tried + " batches were tried again");
            assertEquals(written.get(), server.number("SELECT count(*) FROM orders"));
            assertEquals(IntStream.range(0, written.get()).asLongStream().sum(), server.number("SELECT sum(id) FROM orders"));
        }
    }

    /** Writes until told to stop; tries again what may work later, as the worker does. */
    private static void write(SinkRun sink, AtomicInteger written, AtomicInteger tried, CompletableFuture<Void> end)
            throws Exception {
        while (!end.isDone()) {
            String[] payloads = IntStream.range(written.get(), written.get() + BATCH)
                    .mapToObj(id -> "{\"id\":" + id + ",\"item\":\"item " + id + "\"}").toArray(String[]::new);
            while (true) {
                try {
                    assertEquals(List.of(), sink.put(payloads));
                    written.addAndGet(BATCH);
                    break;
                } catch (RetryableException later) {
                    tried.incrementAndGet();
                    Thread.sleep(20);
                }
            }
        }
    }
}
