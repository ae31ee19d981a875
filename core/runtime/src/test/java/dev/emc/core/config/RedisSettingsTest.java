package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.junit.jupiter.api.Test;

class RedisSettingsTest {

    private static final String CLIENT = "quarkus.redis.\"registry\".";

    private static Map<String, String> settings(String redis) {
        Settings settings = Checks.check(Descriptors.fileSource(), "source.yaml",
                "mesh.topic: orders\nconnector.path: x\nregistry: {type: redis, redis: {" + redis + "}}\n");
        return RedisSettings.of(RedisSettings.REGISTRY,
                key -> settings.value("registry.redis." + key, Descriptors.fileSource()));
    }

    @Test
    void theDefaultIsAServerOnThisMachine() {
        Map<String, String> quarkus = settings("");
        assertEquals("redis://127.0.0.1:6379", quarkus.get(CLIENT + "hosts"));
        assertEquals("standalone", quarkus.get(CLIENT + "client-type"));
        assertNull(quarkus.get(CLIENT + "password"));
        assertNull(quarkus.get(CLIENT + "tls.enabled"));
    }

    @Test
    void userPasswordAndDatabaseGoIntoTheAddressOfEachServer() {
        Map<String, String> quarkus = settings(
                "hosts: [a:1, b:2], client-type: sentinel, master-name: m, username: u@, password: 'p,/ %', database: 3");
        assertEquals("redis://u%40:p%2C%2F+%25@a:1/3,redis://u%40:p%2C%2F+%25@b:2/3", quarkus.get(CLIENT + "hosts"));
        assertEquals("m", quarkus.get(CLIENT + "master-name"));
        assertNull(quarkus.get(CLIENT + "password"));
    }

    @Test
    void aPasswordWithoutAUserStaysAlone() {
        Map<String, String> quarkus = settings("password: 'p,/ %'");
        assertEquals("p,/ %", quarkus.get(CLIENT + "password"));
        assertFalse(quarkus.get(CLIENT + "hosts").contains("@"));
    }

    @Test
    void encryptionChecksTheServersName() {
        Map<String, String> quarkus = settings("tls: {enabled: true}");
        assertEquals("rediss://127.0.0.1:6379", quarkus.get(CLIENT + "hosts"));
        assertEquals("HTTPS", quarkus.get(CLIENT + "tls.hostname-verification-algorithm"));
        assertEquals("NONE", settings("tls: {enabled: true, verify-host: false}")
                .get(CLIENT + "tls.hostname-verification-algorithm"));
    }

    @Test
    void onlyASourceWithARegistryInRedisHasThem() {
        String lines = "mesh.topic: orders\nconnector.path: x\nregistry.type: ";
        assertTrue(quarkus(Descriptors.fileSource(), lines + "redis\n").containsKey(CLIENT + "hosts"));
        assertFalse(quarkus(Descriptors.fileSource(), lines + "file\n").containsKey(CLIENT + "hosts"));
    }

    private static Map<String, String> quarkus(Descriptor descriptor, String content) {
        return QuarkusSettings.of(Checks.check(descriptor, "source.yaml", content), descriptor,
                new ActiveSettings.LogLook(false, false, false));
    }
}
