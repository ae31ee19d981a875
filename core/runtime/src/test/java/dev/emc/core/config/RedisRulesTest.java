package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisRulesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "hosts: redis|hosts: expected host:port, not \"redis\"; a Redis server's port is mostly 6379",
            "hosts: redis:0|hosts: expected host:port, not \"redis:0\"; a Redis server's port is mostly 6379",
            "hosts: redis:99999|hosts: expected host:port, not \"redis:99999\"; a Redis server's port is mostly 6379",
            "hosts: redis://u:s3cret@h:1/2|hosts: expected host:port, without a scheme, user or path; user, password, database and TLS have keys of their own",
            "hosts: [a:1, b:2]|hosts: a standalone server has one address; set registry.redis.client-type to sentinel, cluster or replication",
            "database: -1|database: must be 0 or more, not -1",
            "{database: 1, client-type: cluster}|database: a cluster has only the database 0; remove it",
            "replicas: -1|replicas: must be 0 or more, not -1",
            "{sentinel-username: u, client-type: sentinel}|sentinel-username: needs a password; set registry.redis.sentinel-password",
            "{replicas: 1, client-type: cluster}|replicas: can be waited for with the client types standalone and sentinel only; remove it",
            "username: emc|username: needs a password; set registry.redis.password",
            "timeout: 0s|timeout: must be longer than 0", "prefix: 'a{b'|prefix: must have no blanks and no braces",
            "{tls: {enabled: true, ca: /no/such.pem}}|tls.ca: there is no file /no/such.pem that this user may read"})
    void whatCannotWorkIsSaid(String redis, String expected) {
        assertEquals("source.yaml:3: registry.redis." + expected, problems(redis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hosts: redis.example:6379", "hosts: '[::1]:6379'", "{hosts: [a:1, b:2], client-type: sentinel}",
            "{username: emc, password: x}", "{database: 3, client-type: standalone, replicas: 2}",
            "{database: 0, client-type: cluster}"})
    void whatCanWorkIsTaken(String redis) {
        assertEquals("", problems(redis));
    }

    @Test
    void filesOfTlsHaveNoEffectWithoutIt() throws Exception {
        Path ca = Files.writeString(folder.resolve("ca.pem"), "");
        assertEquals("source.yaml:3: registry.redis.tls.ca: has no effect without TLS; set registry.redis.tls.enabled to true",
                problems("{tls: {ca: " + ca + "}}"));
    }

    @Test
    void aCertificateNeedsItsKey() throws Exception {
        Path pem = Files.writeString(folder.resolve("client.pem"), "");
        assertEquals("source.yaml:3: registry.redis.tls.certificate: needs its private key; set registry.redis.tls.key",
                problems("{tls: {enabled: true, certificate: " + pem + "}}"));
        assertEquals(
                "source.yaml:3: registry.redis.tls.key: needs the certificate it belongs to; set registry.redis.tls.certificate",
                problems("{tls: {enabled: true, key: " + pem + "}}"));
    }

    @Test
    void aLeaseIsNotShorterThanASecond() {
        assertEquals("source.yaml:3: registry.lease: must be 1s or longer", check("registry.lease: 500ms"));
        assertEquals("", check("registry.lease: 1s"));
    }

    @Test
    void theKeysOfAnotherRegistryAreNotLookedAt() {
        assertEquals("", check("registry: {type: file, redis: {hosts: redis}}"));
    }

    private static String problems(String redis) {
        return check("registry: {type: redis, redis: " + (redis.startsWith("{") ? redis : "{" + redis + "}") + "}");
    }

    private static String check(String line) {
        return Checks.problems(Checks.check(Descriptors.fileSource(), "source.yaml",
                "mesh.topic: orders\nconnector.path: x\n" + line + "\n"));
    }
}
