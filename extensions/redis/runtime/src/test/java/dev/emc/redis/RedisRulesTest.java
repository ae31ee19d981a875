package dev.emc.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConfigProblem;
import dev.emc.core.config.ConfigCheck;
import dev.emc.core.config.ConfigFile;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;
import dev.emc.core.config.Problem;
import dev.emc.core.config.RedisAccess;
import dev.emc.core.config.Settings;
import dev.emc.core.deployment.DescriptorWriter;
import dev.emc.testkit.Configs;

/** What {@code validate} says, and what EventMesh's own files mean. */
class RedisRulesTest {

    private static final Environment EMPTY = new Environment(Map.of(), Map.of());

    @TempDir
    Path folder;

    private static List<ConfigProblem> sink(Object... keys) {
        return new RedisSink(Configs.of(RedisSinkConfig.class, keys), () -> RedisAdmin.VERTX).validate();
    }

    private static void assertProblem(String key, Object... keys) {
        List<ConfigProblem> problems = sink(keys);
        assertEquals(List.of(key), problems.stream().map(ConfigProblem::key).toList(), problems::toString);
    }

    private Settings upstream(String name, Class<?> config, String yaml) throws Exception {
        Descriptor descriptor = new DescriptorWriter(Thread.currentThread().getContextClassLoader()).describeKeys(name, config);
        Path file = Files.writeString(folder.resolve("config.yml"), yaml);
        return ConfigCheck.check(descriptor, ConfigFile.read(file, EMPTY), List.of(), EMPTY);
    }

    private static final String PUB_SUB = """
            pubSubConfig:
              meshAddress: 127.0.0.1:10000
              subject: TopicTest
              idc: FT
              env: PRD
              group: redis
              appId: 5032
              userName: user
              passWord: secret
            """;

    @Test
    void theSinkTakesTheFileOfEventMesh() throws Exception {
        Settings settings = upstream("redis-sink", RedisSinkConfig.class, PUB_SUB + """
                connectorConfig:
                  connectorName: redisSink
                  server: redis://127.0.0.1:6380
                  topic: SinkTopic
                """);
        assertTrue(settings.isValid(), () -> settings.problems().stream().map(Problem::text).toList().toString());
        assertTrue(settings.upstream());
        assertEquals("redis://127.0.0.1:6380", settings.values().get("connector.url"));
        assertEquals("SinkTopic", settings.values().get("connector.key"));
        assertEquals("pubsub", settings.values().get("connector.type"));
    }

    @Test
    void theSourceTakesTheFileOfEventMesh() throws Exception {
        Settings settings = upstream("redis-source", RedisSourceConfig.class, PUB_SUB + """
                connectorConfig:
                  connectorName: redisSource
                  server: redis://127.0.0.1:6380
                  topic: SourceTopic
                """);
        assertTrue(settings.isValid(), () -> settings.problems().stream().map(Problem::text).toList().toString());
        assertEquals("SourceTopic", settings.values().get("connector.keys"));
        assertEquals("pubsub", settings.values().get("connector.type"));
    }

    @Test
    void aUrlStandsForTheOtherKeys() {
        RedisAccess access = UrlAccess
                .of(Configs.of(RedisSinkConfig.class, "key", "k", "url", "rediss://u%40:p%2F+@example.com/3"));
        assertEquals(List.of("example.com:6379"), access.hosts());
        assertEquals("u@", access.username().orElseThrow());
        assertEquals("p/+", access.password().orElseThrow());
        assertEquals(3, access.database());
        assertTrue(access.tls().enabled());
    }

    @Test
    void aUrlThatIsNoneIsRefusedWithoutItsPassword() {
        for (String url : List.of("http://a:s3cret@b", "redis://a:s3cret@b:x^/0", "redis://:s3cret@h/db", "s3cret")) {
            List<ConfigProblem> problems = sink("key", "k", "url", url);
            assertEquals("url", problems.get(0).key(), url);
            assertFalse(problems.toString().contains("s3cret"), problems::toString);
        }
    }

    @Test
    void fieldsAreForStreamsAndHashes() {
        assertProblem("format", "key", "k", "type", "list", "format", "fields");
        assertEquals(List.of(), sink("key", "k", "type", "hash", "format", "fields"));
    }

    @Test
    void keysWithoutEffectAreTold() {
        assertProblem("max-length", "key", "k", "type", "set", "max-length", "5");
        assertProblem("exact-length", "key", "k", "exact-length", "true");
        assertProblem("ttl", "key", "k", "type", "pubsub", "ttl", "1s");
        assertProblem("deduplicate", "key", "k", "type", "string", "deduplicate", "1s");
        assertProblem("tls.ca", "key", "k", "tls.ca", "/nowhere.pem");
    }

    @Test
    void replicasAreWaitedForWhereThatCanBeDone() {
        assertProblem("wait-replicas", "key", "k", "wait-replicas", "-1");
        assertProblem("wait-replicas", "key", "k", "wait-replicas", "1", "client-type", "cluster");
        assertProblem("wait-replicas", "key", "k", "wait-replicas", "1", "type", "pubsub");
        assertProblem("wait-timeout", "key", "k", "wait-replicas", "1", "wait-timeout", "0s");
    }

    @Test
    void severalHostsNeedAClientType() {
        assertProblem("hosts", "key", "k", "hosts", "a:1,b:2");
        assertEquals(List.of(), sink("key", "k", "hosts", "a:1,b:2", "client-type", "cluster"));
    }

    @Test
    void relatedKeysHaveTheSameSlot() {
        assertEquals("{orders}", Keys.tag("orders"));
        assertEquals("a{b}c", Keys.tag("a{b}c"));
        assertEquals("{a{}b}", Keys.tag("a{}b"));
    }
}
