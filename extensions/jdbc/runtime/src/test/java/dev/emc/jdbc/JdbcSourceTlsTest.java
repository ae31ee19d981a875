package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.testkit.SelfSigned;

/** Rows through encrypted connections. */
class JdbcSourceTlsTest {

    @TempDir
    static Path folder;

    private static void assertReads(DatabaseServer server, SelfSigned trusted) throws Exception {
        server.execute("CREATE TABLE secrets (id INT PRIMARY KEY, label VARCHAR(10))", "INSERT INTO secrets VALUES (1, 'x')");
        JdbcSourceRunner runner = new JdbcSourceRunner(server);
        try (JdbcSource source = runner.start("tables", "secrets", "tls.enabled", true, "tls.ca", trusted.certificate())) {
            assertEquals(List.of("x"), JdbcSourceRunner.column(runner.take(source, 1), "label"));
        }
    }

    @Test
    void comeFromPostgres() throws Exception {
        SelfSigned identity = SelfSigned.create(folder, "postgres", "ip:127.0.0.1");
        try (PostgresServer server = PostgresServer.start(identity, null)) {
            assertReads(server, identity);
        }
    }

    @Test
    void comeFromMariaDb() throws Exception {
        SelfSigned identity = SelfSigned.create(folder, "mariadb", "ip:127.0.0.1");
        try (MariaDbServer server = MariaDbServer.start(identity)) {
            assertReads(server, identity);
        }
    }
}
