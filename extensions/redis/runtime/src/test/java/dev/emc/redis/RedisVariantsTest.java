package dev.emc.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.Check;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Await;
import dev.emc.testkit.Configs;
import dev.emc.testkit.RedisServer;
import dev.emc.testkit.SelfSigned;

/** Servers as their users run them: encrypted, with users, as a cluster, behind sentinels. */
class RedisVariantsTest {

    private static final String SECRET = "s3cret-+%40,$x{}:/@?#y";

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private RedisServer started(RedisServer.Builder builder) throws Exception {
        RedisServer server = builder.start();
        open.add(server);
        return server;
    }

    private RedisSink sink(Object... keys) throws Exception {
        RedisSink sink = new RedisSink(Configs.of(RedisSinkConfig.class, keys), () -> RedisAdmin.VERTX);
        assertEquals(List.of(), sink.validate());
        open.add(sink);
        Await.until("the sink starts", () -> {
            try {
                sink.start(RedisSinkTest.CONTEXT);
                return true;
            } catch (RetryableException notYet) {
                return false;
            }
        });
        return sink;
    }

    private static Object[] with(Object[] keys, Object... more) {
        List<Object> all = new ArrayList<>(List.of(keys));
        all.addAll(List.of(more));
        return all.toArray();
    }

    /** Writes with the sink and reads with the source. */
    private void assertRoundTrip(Object... access) throws Exception {
        for (String type : List.of("stream", "list")) {
            RedisSink sink = sink(with(access, "key", "out-" + type, "type", type, "deduplicate", "1h"));
            List<ConnectorRecord> events = IntStream.range(0, 20).mapToObj(i -> RedisSinkTest.event(i, "n" + i)).toList();
            assertEquals(List.of(), sink.put(events));
            try (SourceRunner source = new SourceRunner(with(access, "keys", "out-" + type, "type", type))) {
                List<SourceRecord> records = source.take(20);
                assertEquals(events.stream().map(ConnectorRecord::id).toList(),
                        records.stream().map(ConnectorRecord::id).toList());
                source.commit(records);
            }
        }
    }

    @Test
    void encryptedWithACertificateOfItsOwn() throws Exception {
        SelfSigned identity = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        RedisServer server = started(RedisServer.builder().tls(identity));
        assertRoundTrip("hosts", server.address(), "tls.enabled", "true", "tls.ca", identity.certificate());
    }

    @Test
    void encryptedByUrl() throws Exception {
        SelfSigned identity = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        RedisServer server = started(RedisServer.builder().tls(identity).password("pw"));
        assertRoundTrip("url", "rediss://:pw@" + server.address() + "/2", "tls.ca", identity.certificate());
    }

    @Test
    void aCertificateThatIsNotTrustedIsNamed() throws Exception {
        RedisServer server = started(RedisServer.builder().tls(SelfSigned.create(folder, "server", "ip:127.0.0.1")));
        RedisSink sink = new RedisSink(
                Configs.of(RedisSinkConfig.class, "hosts", server.address(), "key", "out", "tls.enabled", "true", "timeout",
                        "30s"),
                () -> RedisAdmin.VERTX);
        open.add(sink);
        Exception error = assertThrows(RetryableException.class, () -> sink.start(RedisSinkTest.CONTEXT));
        assertTrue(error.getMessage().contains("isn't trusted") && error.getMessage().contains("connector.tls.ca"),
                error::getMessage);
    }

    @Test
    void aClientWithACertificate() throws Exception {
        SelfSigned identity = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        SelfSigned client = SelfSigned.create(folder, "client", "dns:client");
        RedisServer server = started(RedisServer.builder().tls(identity).clientCertificate(client));
        assertRoundTrip("hosts", server.address(), "tls.enabled", "true", "tls.ca", identity.certificate(), "tls.certificate",
                client.certificate(), "tls.key", client.key());
    }

    @Test
    void aClientWithAKeystore() throws Exception {
        SelfSigned identity = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        SelfSigned client = SelfSigned.create(folder, "client", "dns:client");
        RedisServer server = started(RedisServer.builder().tls(identity).clientCertificate(client));
        assertRoundTrip("hosts", server.address(), "tls.enabled", "true", "tls.truststore", identity.store(),
                "tls.truststore-password", "changeit", "tls.keystore", client.store(), "tls.keystore-password", "changeit");
    }

    @Test
    void aUserWithAnAwkwardPassword() throws Exception {
        RedisServer server = started(RedisServer.builder().user("emc", SECRET, "~out-*", "~{out-*", "+@all", "-@dangerous"));
        assertRoundTrip("hosts", server.address(), "username", "emc", "password", SECRET);
    }

    @Test
    void aWrongPasswordEndsWithWhatToDo() throws Exception {
        RedisServer server = started(RedisServer.builder().password("right"));
        RedisSink sink = new RedisSink(
                Configs.of(RedisSinkConfig.class, "hosts", server.address(), "key", "out", "password", SECRET),
                () -> RedisAdmin.VERTX);
        open.add(sink);
        Exception error = assertThrows(FatalException.class, () -> sink.start(RedisSinkTest.CONTEXT));
        assertTrue(error.getMessage().contains("connector.password"), error::getMessage);
        assertFalse(error.getMessage().contains(SECRET));
    }

    @Test
    void aUserThatMayNotWriteThereIsTold() throws Exception {
        RedisServer server = started(RedisServer.builder().user("emc", SECRET, "~other", "+@all"));
        RedisSink sink = sink("hosts", server.address(), "username", "emc", "password", SECRET, "key", "out");
        Exception error = assertThrows(FatalException.class,
                () -> sink.put(List.of(RedisSinkTest.event(1, "a"))));
        assertTrue(error.getMessage().contains("doesn't allow its user what the connector needs"), error::getMessage);
    }

    @Test
    void aServerWithoutACommandIsTold() throws Exception {
        RedisServer server = started(RedisServer.builder().option("rename-command", "XADD \"\""));
        RedisSink sink = sink("hosts", server.address(), "key", "out");
        Exception error = assertThrows(FatalException.class, () -> sink.put(List.of(RedisSinkTest.event(1, "a"))));
        assertTrue(error.getMessage().contains("xadd") && error.getMessage().contains("Redis 6.2"), error::getMessage);
        assertFalse(error.getMessage().contains("args"), error::getMessage);
    }

    @Test
    void doctorNamesAWrongPassword() throws Exception {
        RedisServer server = started(RedisServer.builder().password("right"));
        List<Check> checks = new RedisSource(Configs.of(RedisSourceConfig.class, "hosts", server.address(), "keys", "a"),
                () -> RedisAdmin.VERTX)
                .check();
        assertTrue(checks.stream().anyMatch(check -> !check.passed() && check.remedy().contains("connector.password")),
                checks::toString);
    }

    @Test
    void aCluster() throws Exception {
        List<RedisServer> cluster = RedisServer.cluster(3);
        open.addAll(cluster);
        String hosts = cluster.stream().map(RedisServer::address).collect(Collectors.joining(","));
        assertRoundTrip("hosts", hosts, "client-type", "cluster");
    }

    @Test
    void streamsOnSeveralNodesOfACluster() throws Exception {
        List<RedisServer> cluster = RedisServer.cluster(3);
        open.addAll(cluster);
        Object[] access = {"hosts", cluster.get(0).address(), "client-type", "cluster"};
        RedisSink sink = sink(with(access, "key", "out-{id}", "ttl", "1h"));
        List<ConnectorRecord> events = IntStream.range(0, 12).mapToObj(i -> RedisSinkTest.event(i, "n" + i)).toList();
        assertEquals(List.of(), sink.put(events));
        String keys = events.stream().map(event -> "out-" + event.id()).collect(Collectors.joining(","));
        try (SourceRunner source = new SourceRunner(with(access, "keys", keys))) {
            List<SourceRecord> records = source.take(12);
            assertEquals(events.stream().map(ConnectorRecord::id).collect(Collectors.toSet()),
                    records.stream().map(ConnectorRecord::id).collect(Collectors.toSet()));
            source.commit(records);
        }
    }

    @Test
    void channelsOfACluster() throws Exception {
        List<RedisServer> cluster = RedisServer.cluster(3);
        open.addAll(cluster);
        Object[] access = {"hosts", cluster.get(1).address(), "client-type", "cluster"};
        try (SourceRunner source = new SourceRunner(with(access, "type", "pubsub", "keys", "news,a*"))) {
            RedisSink sink = sink(with(access, "type", "pubsub", "key", "news"));
            sink.put(List.of(RedisSinkTest.event(1, "heard")));
            assertEquals("heard", source.take(1).get(0).text());
        }
    }

    @Test
    void aFailoverBehindSentinelsLosesNothingThatTheReplicaHas() throws Exception {
        RedisServer master = started(RedisServer.builder().password("pw"));
        RedisServer replica = started(RedisServer.builder().password("pw").replicaOf(master));
        replica.awaitReply("master_link_status:up", "INFO", "replication");
        List<RedisServer> sentinels = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sentinels.add(started(RedisServer.builder().sentinelOf("shop", master, 2).option("sentinel auth-pass shop", "pw")));
        }
        for (RedisServer sentinel : sentinels) {
            sentinel.awaitReply("num-slaves\n1", "SENTINEL", "MASTER", "shop");
        }
        Object[] access = {"hosts", sentinels.stream().map(RedisServer::address).collect(Collectors.joining(",")),
                "client-type",
                "sentinel", "master-name", "shop", "timeout", "1s", "password", "pw"};
        RedisSink sink = sink(with(access, "key", "out"));
        sink.put(IntStream.range(0, 10).mapToObj(i -> RedisSinkTest.event(i, "n" + i)).toList());
        replica.awaitReply("10", "XLEN", "out");
        master.kill();
        Await.until(() -> "the sink writes to the new master", Duration.ofSeconds(60), () -> {
            try {
                return sink.put(List.of(RedisSinkTest.event(10, "n10"))).isEmpty();
            } catch (RetryableException notYet) {
                return false;
            }
        });
        try (SourceRunner source = new SourceRunner(with(access, "keys", "out"))) {
            Set<String> ids = new HashSet<>();
            source.take(11).forEach(record -> ids.add(record.id()));
            assertEquals(11, ids.size());
        }
    }

    private void assertWrites(Object... access) throws Exception {
        assertEquals(List.of(), sink(with(access, "key", "out")).put(List.of(RedisSinkTest.event(1, "x"))));
    }

    private FatalException refused(Object... access) {
        RedisSink refused = new RedisSink(Configs.of(RedisSinkConfig.class, with(access, "key", "out")),
                () -> RedisAdmin.VERTX);
        open.add(refused);
        return assertThrows(FatalException.class, () -> refused.start(RedisSinkTest.CONTEXT));
    }

    @Test
    void aUserOfTheServerIsNoneOfTheSentinels() throws Exception {
        RedisServer master = started(RedisServer.builder().user("bob", "b@p/w", "~*", "+@all"));
        RedisServer sentinel = started(RedisServer.builder().sentinelOf("shop", master, 1));
        assertWrites("hosts", sentinel.address(), "client-type", "sentinel", "master-name", "shop", "username", "bob",
                "password", "b@p/w");
    }

    @Test
    void sentinelsMayHaveAPasswordOfTheirOwn() throws Exception {
        RedisServer master = started(RedisServer.builder().password("pw"));
        RedisServer sentinel = started(RedisServer.builder().sentinelOf("shop", master, 1)
                .option("sentinel auth-pass shop", "pw").option("requirepass", "other"));
        Object[] access = {"hosts", sentinel.address(), "client-type", "sentinel", "master-name", "shop", "password", "pw"};
        assertWrites(with(access, "sentinel-password", "other"));
        assertTrue(refused(access).getMessage().endsWith("set connector.sentinel-password"), refused(access).getMessage());
        assertTrue(refused(with(access, "sentinel-password", "wrong")).getMessage()
                .endsWith("correct connector.sentinel-username and connector.sentinel-password"));
    }

    @Test
    void aNameThatTheSentinelsDontKnowIsTold() throws Exception {
        RedisServer sentinel = started(RedisServer.builder().sentinelOf("shop", started(RedisServer.builder()), 1));
        String message = refused("hosts", sentinel.address(), "client-type", "sentinel", "master-name", "shpo").getMessage();
        assertTrue(message.endsWith("correct connector.master-name"), message);
    }
}
