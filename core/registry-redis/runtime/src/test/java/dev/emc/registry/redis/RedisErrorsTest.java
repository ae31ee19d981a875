package dev.emc.registry.redis;

import static dev.emc.registry.redis.Store.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.Registry;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.RedisServer;
import dev.emc.testkit.SelfSigned;

/** What users read when Redis can't be used, each from a real server. */
class RedisErrorsTest {

    private static final String SECRET = "s3cret-+%40,$x {}:/@?#\\y";
    private static final String[] ALLOWED = {"~emc:*", "+hmget", "+hget", "+hgetall", "+hset", "+hdel", "+del", "+eval",
            "+evalsha",
            "+time", "+wait", "+sadd", "+smembers", "+hello", "+select"};

    @TempDir
    Path folder;

    private RedisServer redis;

    @AfterEach
    void stop() throws Exception {
        if (redis != null) {
            redis.close();
        }
    }

    /** The error of opening, which must not tell the password to anybody. */
    private static ConnectorException refused(String address, String... keys) throws Exception {
        try (Store store = Store.at(address, keys)) {
            for (int attempt = 0;; attempt++) {
                try {
                    store.registry().open("w");
                    throw new AssertionError("it opened");
                } catch (ConnectorException error) {
                    StringWriter all = new StringWriter();
                    error.printStackTrace(new PrintWriter(all, true));
                    assertFalse(all.toString().contains("s3cret"), all.toString());
                    assertFalse(error.getMessage().contains("\n"), error.getMessage());
                    assertFalse(error.getMessage().endsWith("."), error.getMessage());
                    if (attempt == 10 || !error.getMessage().contains("did not answer")) {
                        return error;
                    }
                }
            }
        }
    }

    private static void assertMessage(String part, Class<? extends ConnectorException> type, ConnectorException error) {
        assertInstanceOf(type, error, error.getMessage());
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    private static void works(String address, String... keys) throws Exception {
        try (Store store = Store.at(address, keys); Registry registry = store.opened("w")) {
            registry.save(List.of(at("a", 1)));
            assertEquals(List.of(at("a", 1)), List.copyOf(store.offsets().read("w").orElseThrow().positions()));
        } catch (LeaseHeldException held) {
            throw new AssertionError(held);
        }
    }

    @Test
    void nobodyListens() throws Exception {
        String address = "127.0.0.1:" + EmcProcess.freePort();
        ConnectorException error = refused(address);
        assertInstanceOf(RetryableException.class, error);
        assertEquals("the Redis server " + address + " can't be reached (connection refused); start it, or correct"
                + " registry.redis.hosts", error.getMessage());
    }

    @Test
    void anUnknownHost() throws Exception {
        assertMessage("check registry.redis.hosts", RetryableException.class, refused("nowhere.invalid:6379"));
    }

    @Test
    void aServerThatDoesNotAnswer() throws Exception {
        redis = RedisServer.inMemory();
        try (CuttableProxy network = CuttableProxy.to(redis.address())) {
            network.blackHole();
            assertMessage("did not answer within", RetryableException.class, refused(network.address()));
        }
    }

    @Test
    void aWrongPassword() throws Exception {
        redis = RedisServer.builder().password("right").start();
        assertMessage("correct registry.redis.username and registry.redis.password", FatalException.class,
                refused(redis.address(), "redis.password", SECRET));
    }

    @Test
    void aMissingPassword() throws Exception {
        redis = RedisServer.builder().password("right").start();
        assertMessage("set registry.redis.password", FatalException.class, refused(redis.address()));
    }

    @Test
    void aPasswordOfAllKindsOfCharacters() throws Exception {
        redis = RedisServer.builder().start();
        redis.command("CONFIG", "SET", "requirepass", SECRET);
        works(redis.address(), "redis.password", SECRET);
    }

    @Test
    void aUserWithAPasswordOfAllKindsOfCharacters() throws Exception {
        redis = RedisServer.builder().start();
        redis.command("ACL", "SETUSER", "e@m:c/", "on", ">" + SECRET, "+@all", "~*");
        works(redis.address(), "redis.username", "e@m:c/", "redis.password", SECRET);
    }

    @Test
    void aWrongUser() throws Exception {
        redis = RedisServer.builder().user("emc", "right", ALLOWED).start();
        assertMessage("refuses the user name or the password", FatalException.class,
                refused(redis.address(), "redis.username", "emc", "redis.password", SECRET));
    }

    @Test
    void aUserWithJustTheRightsThatTheMessageNames() throws Exception {
        redis = RedisServer.builder().user("emc", "right", ALLOWED).start();
        works(redis.address(), "redis.username", "emc", "redis.password", "right", "redis.database", "1");
    }

    @Test
    void aUserWithTooFewRights() throws Exception {
        redis = RedisServer.builder().user("emc", "right", "~emc:*", "+hello", "+eval", "+evalsha", "+time").start();
        assertMessage("doesn't allow its user what the registry needs", FatalException.class,
                refused(redis.address(), "redis.username", "emc", "redis.password", "right"));
    }

    @Test
    void aUserWithOtherKeys() throws Exception {
        redis = RedisServer.builder().user("emc", "right", "~other:*", "+@all").start();
        assertMessage("the keys of registry.redis.prefix", FatalException.class,
                refused(redis.address(), "redis.username", "emc", "redis.password", "right"));
    }

    @Test
    void aReplica() throws Exception {
        redis = RedisServer.inMemory();
        try (RedisServer replica = RedisServer.builder().replicaOf(redis).start()) {
            replica.awaitReply("master_link_status:up", "INFO", "replication");
            assertMessage("is a replica and can't be written", RetryableException.class, refused(replica.address()));
        }
    }

    @Test
    void aDatabaseThatIsNotThere() throws Exception {
        redis = RedisServer.inMemory();
        assertMessage("correct registry.redis.database", FatalException.class,
                refused(redis.address(), "redis.database", "99"));
    }

    @Test
    void otherThingsUnderThePrefix() throws Exception {
        redis = RedisServer.inMemory();
        redis.command("SET", "emc:{w}:lease", "x");
        assertMessage("choose another prefix", FatalException.class, refused(redis.address()));
    }

    @Test
    void aServerWithoutMemory() throws Exception {
        redis = RedisServer.inMemory();
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertMessage("has no memory left (OOM); raise its maxmemory", RetryableException.class, refused(redis.address()));
    }

    @Test
    void fewerReplicasThanWanted() throws Exception {
        redis = RedisServer.inMemory();
        assertMessage("has only 0 of the 1 replicas", RetryableException.class,
                refused(redis.address(), "redis.replicas", "1"));
    }

    @Test
    void encryptedWithACertificateToTrust() throws Exception {
        SelfSigned certificate = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        redis = RedisServer.builder().tls(certificate).start();
        works(redis.address(), "redis.tls.enabled", "true", "redis.tls.ca", certificate.certificate().toString());
    }

    @Test
    void encryptedWithACertificateThatIsNotTrusted() throws Exception {
        redis = RedisServer.builder().tls(SelfSigned.create(folder, "server", "ip:127.0.0.1")).start();
        assertMessage("check registry.redis.tls.ca", RetryableException.class,
                refused(redis.address(), "redis.tls.enabled", "true"));
    }

    @Test
    void encryptedWithACertificateForAnotherHost() throws Exception {
        SelfSigned certificate = SelfSigned.create(folder, "server", "dns:elsewhere.example");
        redis = RedisServer.builder().tls(certificate).start();
        assertMessage("the name in registry.redis.hosts", RetryableException.class,
                refused(redis.address(), "redis.tls.enabled",
                        "true", "redis.tls.ca", certificate.certificate().toString()));
        works(redis.address(), "redis.tls.enabled", "true", "redis.tls.ca", certificate.certificate().toString(),
                "redis.tls.verify-host", "false");
    }

    @Test
    void encryptedWithACertificateOfTheClient() throws Exception {
        SelfSigned certificate = SelfSigned.create(folder, "server", "ip:127.0.0.1");
        SelfSigned client = SelfSigned.create(folder, "client", "dns:client");
        redis = RedisServer.builder().tls(certificate).clientCertificate(client).start();
        String[] trust = {"redis.tls.enabled", "true", "redis.tls.ca", certificate.certificate().toString()};
        assertInstanceOf(RetryableException.class, refused(redis.address(), trust));
        works(redis.address(), trust[0], trust[1], trust[2], trust[3], "redis.tls.certificate", client.certificate().toString(),
                "redis.tls.key", client.key().toString());
    }

    @Test
    void encryptionWithAServerThatSpeaksNone() throws Exception {
        redis = RedisServer.inMemory();
        ConnectorException error = refused(redis.address(), "redis.tls.enabled", "true", "redis.tls.verify-host", "false");
        assertInstanceOf(RetryableException.class, error);
    }

    @Test
    void aUserWhoMayOnlyReadIsFoundWithoutSaving() throws Exception {
        redis = RedisServer.builder().user("emc", "right", "~emc:*", "+hello", "+select", "+eval", "+evalsha", "+time", "+hget",
                "+hmget", "+hgetall", "+smembers").start();
        try (Store store = Store.at(redis.address(), "redis.username", "emc", "redis.password", "right")) {
            OffsetStore offsets = store.offsets();
            assertTrue(offsets.read("w").isEmpty());
            assertMessage("doesn't allow its user what the registry needs", FatalException.class,
                    assertThrows(ConnectorException.class, () -> offsets.tryWriting("w")));
        }
    }

    @Test
    void tryingToWriteLeavesNothing() throws Exception {
        redis = RedisServer.builder().user("emc", "right", ALLOWED).start();
        try (Store store = Store.at(redis.address(), "redis.username", "emc", "redis.password", "right")) {
            store.offsets().tryWriting("w");
            assertEquals("", redis.command("HGETALL", "emc:{w}:trial"));
        }
    }

}
