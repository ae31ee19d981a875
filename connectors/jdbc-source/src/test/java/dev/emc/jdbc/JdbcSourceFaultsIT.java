package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.Await;
import dev.emc.testkit.EmbeddedMesh;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.MeshReader;

/**
 * Several writers, whose transactions overlap and give many rows the same time, while the source is killed and the database
 * crashes: at the end every row that was committed has become an event, and one only.
 */
@Timeout(180)
class JdbcSourceFaultsIT {

    private static final int WRITERS = 3;
    private static final int TRANSACTIONS = 60;
    private static final int ROWS = 20;
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path work;

    private DatabaseServer server;
    private EmbeddedMesh mesh;

    @Test
    void nothingIsLostOrDoubledByTimesInPostgres() throws Exception {
        run(PostgresServer.start(),
                "CREATE TABLE r (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), changed TIMESTAMPTZ NOT NULL"
                        + " DEFAULT now(), label TEXT UNIQUE)",
                "timestamp-column: changed");
    }

    @Test
    void nothingIsLostOrDoubledByTimesInMariaDb() throws Exception {
        run(MariaDbServer.start(), "CREATE TABLE r (id UUID PRIMARY KEY DEFAULT uuid(), changed TIMESTAMP NOT NULL"
                + " DEFAULT CURRENT_TIMESTAMP, label VARCHAR(100) UNIQUE)", "timestamp-column: changed");
    }

    @Test
    void nothingIsLostOrDoubledByNumbersInPostgres() throws Exception {
        run(PostgresServer.start(), "CREATE TABLE r (id BIGSERIAL PRIMARY KEY, label TEXT UNIQUE)", "chunk-size: 50");
    }

    @Test
    void nothingIsLostOrDoubledByNumbersInMariaDb() throws Exception {
        run(MariaDbServer.start(), "CREATE TABLE r (id BIGINT AUTO_INCREMENT PRIMARY KEY, label VARCHAR(100) UNIQUE)",
                "chunk-size: 50");
    }

    private void run(DatabaseServer database, String table, String key) throws Exception {
        server = database;
        try (database;
                EmbeddedMesh embedded = EmbeddedMesh.start();
                MeshReader reader = new MeshReader(embedded.address(),
                        "rows")) {
            mesh = embedded;
            server.execute(table);
            configure(key);
            List<Thread> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                Thread thread = new Thread(() -> write(writer), "writer " + w);
                thread.start();
                writers.add(thread);
            }
            disturb(reader);
            for (Thread writer : writers) {
                writer.join();
            }
            int all = (int) server.number("SELECT COUNT(*) FROM r");
            assertEquals(WRITERS * TRANSACTIONS * ROWS, all, "the writers wrote all");
            EmcProcess last = start();
            Await.until(() -> "all rows come; " + reader.count() + " events for " + all + "; " + last.output(), DEADLINE,
                    () -> labels(reader).size() >= all);
            assertEquals(0, last.terminate(DEADLINE), last::output);
            assertOneEventForEachRow(reader, all);
        }
    }

    private void configure(String key) throws Exception {
        Files.writeString(work.resolve("source.yaml"), """
                mesh:
                  address: %s
                  topic: rows
                connector:
                  url: %s
                  user: %s
                  password: %s
                  tables: r
                  interval: 20ms
                  late-commits: 5s
                  %s
                retry:
                  max-delay: 500ms
                http:
                  enabled: false
                """.formatted(mesh.address(), server.url(), DatabaseServer.USER, DatabaseServer.PASSWORD, key));
    }

    private EmcProcess start() throws Exception {
        return EmcProcess.start("jdbc-source", work, "--config", "source.yaml");
    }

    /** Kills the source, then the database under it, then the source again, each time when something has come anew. */
    private void disturb(MeshReader reader) throws Exception {
        int before = 0;
        for (int round = 0; round < 3; round++) {
            try (EmcProcess source = start()) {
                int seen = before;
                Await.until(() -> "more than " + seen + " come; " + source.output(), DEADLINE, () -> reader.count() > seen);
                if (round == 1) {
                    server.kill();
                    server.restart();
                    int atRestart = reader.count();
                    Await.until(() -> "more than " + atRestart + " come after the crash; " + source.output(), DEADLINE,
                            () -> reader.count() > atRestart || labels(reader).size() == WRITERS * TRANSACTIONS * ROWS);
                }
                source.kill();
                before = labels(reader).size() == WRITERS * TRANSACTIONS * ROWS ? before : reader.count();
            }
        }
    }

    /** Transactions of many rows with the same time, each again until it is there. */
    private void write(int writer) {
        for (int t = 0; t < TRANSACTIONS; t++) {
            while (!wrote(writer, t)) {
                pause(50);
            }
        }
    }

    private boolean wrote(int writer, int transaction) {
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < ROWS; i++) {
                statement.execute("INSERT INTO r (label) VALUES ('" + writer + "-" + transaction + "-" + i + "')");
                pause(i % 7 == writer ? 10 : 0);
            }
            connection.commit();
            return true;
        } catch (SQLException e) {
            return e.getSQLState() != null && e.getSQLState().startsWith("23"); // its commit had worked
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> labels(MeshReader reader) throws Exception {
        Set<String> labels = new HashSet<>();
        for (ConnectorRecord event : reader.records()) {
            labels.add(MAPPER.readTree(event.data()).get("label").asText());
        }
        return labels;
    }

    /** What came twice after a death has the same id. */
    private static void assertOneEventForEachRow(MeshReader reader, int rows) throws Exception {
        Map<String, String> ids = new HashMap<>();
        for (ConnectorRecord event : reader.records()) {
            String label = MAPPER.readTree(event.data()).get("label").asText();
            String other = ids.put(label, event.id());
            assertTrue(other == null || other.equals(event.id()), () -> label + " has the ids " + other + " and " + event.id());
        }
        assertEquals(rows, ids.size());
        assertEquals(rows, Set.copyOf(ids.values()).size());
    }
}
