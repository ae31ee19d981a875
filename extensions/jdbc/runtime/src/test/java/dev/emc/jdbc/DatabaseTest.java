package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/** Connections to each of the databases. */
@TestInstance(Lifecycle.PER_CLASS)
class DatabaseTest {

    private DatabaseServer[] servers;

    @BeforeAll
    void startServers() throws Exception {
        servers = new DatabaseServer[]{PostgresServer.start(), MariaDbServer.start(), MySqlServer.start(), H2Server.start()};
    }

    @AfterAll
    void stopServers() throws Exception {
        for (DatabaseServer server : servers) {
            server.close();
        }
    }

    Stream<DatabaseServer> servers() {
        return Stream.of(servers);
    }

    private static Database database(DatabaseServer server, Object... more) {
        Object[] all = new Object[more.length + 2];
        all[0] = "table";
        all[1] = "orders";
        System.arraycopy(more, 0, all, 2, more.length);
        return new Database(Configs.sink(server, all));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void opensAConnectionAndKnowsTheVendor(DatabaseServer server) throws Exception {
        try (Database database = database(server)) {
            Connection connection = database.connection();

            try (Statement statement = connection.createStatement(); ResultSet one = statement.executeQuery("SELECT 1")) {
                assertTrue(one.next());
            }
            assertEquals(server.vendor(), database.vendor());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aWrongPasswordIsFatal(DatabaseServer server) {
        Database database = database(server, "password", "wRoNg");

        FatalException refused = assertThrows(FatalException.class, database::connection);

        assertTrue(refused.getMessage().startsWith("can't connect to " + database.address() + ": "), refused::getMessage);
        assertTrue(!refused.getMessage().contains("wRoNg"), refused::getMessage);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void aServerThatIsAwayIsTriedAgain(DatabaseServer server) throws Exception {
        try (Database database = database(server)) {
            server.kill();
            try {
                assertThrows(RetryableException.class, database::connection);
            } finally {
                server.restart();
            }
            database.connection();
        }
    }
}
