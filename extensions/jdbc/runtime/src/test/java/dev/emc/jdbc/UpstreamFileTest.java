package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.core.config.ConfigCheck;
import dev.emc.core.config.ConfigFile;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Settings;
import dev.emc.core.deployment.DescriptorWriter;

/** A file of EventMesh's own JDBC sink, and the change events of its source. */
class UpstreamFileTest {

    private static final String FILE = """
            pubSubConfig:
              meshAddress: 127.0.0.1:10000
              subject: TopicTest
              idc: FT
              env: PRD
              group: mysqlSink
              appId: 5032
              userName: mysqlSinkUser
              passWord: mysqlPassWord
            supportUpsert: true
            supportDelete: true
            sinkConnectorConfig:
              connectorName: jdbcSink
              jdbcConfig:
                hostname: 127.0.0.1
                port: 3306
                user: emc
                password: sEcReT-of-the-database
                url: %s
                databaseName: shop
                connectTimeout: 5
                initialStatements: SET @greeting = 'a;b'; SET @other = 1
            """;

    @TempDir
    Path folder;

    private Settings settings(String url) throws Exception {
        Path file = Files.writeString(folder.resolve("sink-config.yml"), FILE.formatted(url));
        Environment none = new Environment(Map.of(), Map.of());
        return ConfigCheck.check(
                new DescriptorWriter(getClass().getClassLoader()).describeKeys("jdbc-sink", JdbcSinkConfig.class),
                ConfigFile.read(file, none), List.of(), none);
    }

    private static String change(String before, String after) {
        return """
                {"type":1,"schema":null,"payload":{"timestamp":1700000000000,
                "source":{"connector":"mysql","catalogName":"shop","schemaName":null,"tableName":"upstream_orders"},
                "dataChanges":{"before":%s,"after":%s,"type":"I"}}}""".formatted(before, after);
    }

    @Test
    void isAcceptedAndItsEventsAreFollowed() throws Exception {
        DatabaseServer server = Servers.of(Vendor.MYSQL);
        server.execute("CREATE TABLE upstream_orders (id INT PRIMARY KEY, item VARCHAR(20))");
        Settings settings = settings(server.url() + "&serverTimezone=GMT%2B8&useSSL=false&characterEncoding=utf-8");
        assertTrue(settings.isValid() && settings.upstream(),
                () -> String.join("\n", settings.problems().stream().map(Problem::text).toList()));
        Object[] keys = settings.values().entrySet().stream().filter(entry -> entry.getKey().startsWith("connector."))
                .flatMap(entry -> List.of(entry.getKey().substring("connector.".length()), entry.getValue()).stream())
                .toArray();

        try (SinkRun sink = new SinkRun(Configs.of(JdbcSinkConfig.class, keys))) {
            assertEquals(List.of(),
                    sink.put(change("null", "{\"id\":1,\"item\":\"a\"}"), change("null", "{\"id\":2,\"item\":\"b\"}"),
                            change("{\"id\":1,\"item\":\"a\"}", "{\"id\":1,\"item\":\"c\"}"),
                            change("{\"id\":2,\"item\":\"b\"}", "null")));
        }

        assertEquals(List.of("1|c"), server.query("SELECT * FROM upstream_orders"));
    }

    @Test
    void keysWithoutEffectAreNoted() throws Exception {
        String notes = String.join("\n",
                settings("jdbc:mysql://127.0.0.1/shop").problems().stream().map(Problem::text).toList());
        for (String key : List.of("hostname", "port", "databaseName", "connectTimeout")) {
            assertTrue(notes.contains("sinkConnectorConfig.jdbcConfig." + key + ": has no effect"), notes);
        }
        assertTrue(notes.contains("supportUpsert: has no effect"), notes);
    }

    @Test
    void keysThatSinkAndSourceShareComeFirstAndOnce() {
        List<String> names = new DescriptorWriter(getClass().getClassLoader()).describeKeys("jdbc-sink", JdbcSinkConfig.class)
                .keys().stream().map(Descriptor.Key::name).filter(name -> name.startsWith("connector.")).toList();
        assertEquals("connector.url", names.get(0));
        assertEquals(names.stream().distinct().toList(), names);
    }
}
