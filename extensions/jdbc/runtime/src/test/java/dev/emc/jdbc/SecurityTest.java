package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.testkit.SelfSigned;

/** Encryption, certificates, passwords and rights. */
@TestInstance(Lifecycle.PER_CLASS)
class SecurityTest {

    @TempDir
    static Path folder;

    private SelfSigned identity;
    private SelfSigned client;
    private SelfSigned stranger;
    private PostgresServer postgres;
    private PostgresServer mutual;
    private MariaDbServer mariaDb;

    @BeforeAll
    void startServers() throws Exception {
        identity = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        client = SelfSigned.create(folder, "client", "dns:client");
        stranger = SelfSigned.create(folder, "stranger", "dns:elsewhere");
        postgres = PostgresServer.start(identity, null);
        mutual = PostgresServer.start(stranger, client);
        mariaDb = MariaDbServer.start(identity);
    }

    @AfterAll
    void stopServers() throws Exception {
        for (DatabaseServer server : new DatabaseServer[]{postgres, mutual, mariaDb}) {
            if (server != null) {
                server.close();
            }
        }
    }

    private static Database database(DatabaseServer server, Object... keys) {
        List<Object> all = new ArrayList<>(List.of("table", "t"));
        all.addAll(Arrays.asList(keys));
        return new Database(Configs.sink(server, all.toArray()));
    }

    private static String ask(Database database, String sql) throws Exception {
        try (database;
                Connection connection = database.connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void postgresIsSpokenToWithTls() throws Exception {
        assertTrue(ask(database(postgres, "tls.enabled", true, "tls.ca", identity.certificate()),
                "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").startsWith("TLSv1."));
    }

    @Test
    void mariaDbIsSpokenToWithTls() throws Exception {
        Database database = database(mariaDb, "tls.enabled", true, "tls.ca", identity.certificate());
        try (database;
                Statement statement = database.connection().createStatement();
                ResultSet result = statement.executeQuery("SHOW STATUS LIKE 'Ssl_version'")) {
            result.next();
            assertTrue(result.getString(2).startsWith("TLSv1."));
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused() {
        for (DatabaseServer server : new DatabaseServer[]{postgres, mariaDb}) {
            ConnectorException refused = assertThrows(ConnectorException.class,
                    () -> database(server, "tls.enabled", true, "tls.ca", stranger.certificate()).connection());
            assertTrue(refused.getMessage().startsWith("can't connect to "), refused::getMessage);
            assertFalse(refused.getMessage().contains("Exception"), refused::getMessage);
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefusedUnlessItNeedNotBe() throws Exception {
        assertThrows(ConnectorException.class, () -> database(mutual, "tls.enabled", true, "tls.ca", stranger.certificate(),
                "tls.certificate", client.certificate(), "tls.key", client.key()).connection());
        ask(database(mutual, "tls.enabled", true, "tls.ca", stranger.certificate(), "tls.certificate", client.certificate(),
                "tls.key", client.key(), "tls.verify-host", false), "SELECT 1");
    }

    @Test
    void aServerThatAsksForACertificateGetsOne() throws Exception {
        Object[] trusting = {"tls.enabled", true, "tls.ca", stranger.certificate(), "tls.verify-host", false};
        assertThrows(ConnectorException.class, () -> database(mutual, trusting).connection());
        List<Object> known = new ArrayList<>(Arrays.asList(trusting));
        known.addAll(List.of("tls.certificate", client.certificate(), "tls.key", client.key()));
        ask(database(mutual, known.toArray()), "SELECT 1");
    }

    @Test
    void aServerThatWantsTlsRefusesPlainText() {
        for (DatabaseServer server : new DatabaseServer[]{postgres, mariaDb}) {
            String url = server.url() + (server == postgres ? "?sslmode=disable" : "?sslMode=disable");
            assertThrows(ConnectorException.class, () -> database(server, "url", url).connection());
        }
    }

    @Test
    void doctorNamesTheRightThatIsMissing() throws Exception {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        server.execute("CREATE TABLE readable (id INT PRIMARY KEY)", "CREATE ROLE reader LOGIN PASSWORD 'reading'",
                "GRANT SELECT ON readable TO reader");
        List<Check> checks = new JdbcSink(Configs.sink(server, "table", "readable", "user", "reader", "password", "reading",
                "deletes", true)).check();
        assertTrue(checks.stream().filter(Check::passed).anyMatch(check -> check.subject().equals("key of readable")));
        for (String right : List.of("insert", "update", "delete")) {
            assertTrue(checks.stream().anyMatch(check -> !check.passed() && check.subject().equals("right to " + right)
                    && check.message().startsWith("permission denied for table readable")), checks::toString);
        }
    }

    @Test
    void aPasswordInTheUrlIsNotShown() {
        DatabaseServer server = Servers.of(Vendor.POSTGRESQL);
        ConnectorException refused = assertThrows(ConnectorException.class,
                () -> database(server, "url", server.url() + "?password=hidden&user=nobody").connection());
        assertFalse(refused.getMessage().contains("hidden"), refused::getMessage);
    }
}
