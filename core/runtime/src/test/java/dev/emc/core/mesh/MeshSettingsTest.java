package dev.emc.core.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.quarkus.runtime.configuration.MemorySize;

import dev.emc.api.FatalException;
import dev.emc.core.config.WorkerConfig;

class MeshSettingsTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1:10000,127.0.0.1,10000", "mesh.example.org:1,mesh.example.org,1", "[::1]:65535,::1,65535",
            "' localhost:7 ',localhost,7"})
    void anAddressIsHostAndPort(String address, String host, int port) throws FatalException {
        MeshSettings settings = MeshSettings.of(config(Map.of("address", address)), "worker", 4096);
        assertEquals(host, settings.host());
        assertEquals(port, settings.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "localhost:", ":10000", "localhost:0", "localhost:65536", "localhost:http"})
    void whatIsNoAddressIsRefused(String address) {
        FatalException e = assertThrows(FatalException.class,
                () -> MeshSettings.of(config(Map.of("address", address)), "worker", 4096));
        assertTrue(e.getMessage().contains("'" + address + "'"), e.getMessage());
    }

    @Test
    void theGroupIsTheWorkersNameWhenNoneIsSet() throws FatalException {
        assertEquals("worker", MeshSettings.of(config(Map.of()), "worker", 4096).group());
        assertEquals("mine", MeshSettings.of(config(Map.of("group", Optional.of("mine"))), "worker", 4096).group());
    }

    @Test
    void thePasswordIsNotPrinted() throws FatalException {
        MeshSettings settings = MeshSettings.of(config(Map.of("password", Optional.of("s3cret"))), "worker", 4096);
        assertEquals("s3cret", settings.password());
        assertFalse(settings.toString().contains("s3cret"));
    }

    private static WorkerConfig.Mesh config(Map<String, Object> set) {
        Map<String, Object> values = new HashMap<>(Map.of("address", "127.0.0.1:10000", "topic", List.of("orders"), "group",
                Optional.empty(), "mode", WorkerConfig.Mesh.Mode.CLUSTERING, "sessions", 1, "window", 256, "ackTimeout",
                Duration.ofSeconds(5), "maxEventSize", new MemorySize(BigInteger.valueOf(1000))));
        values.putAll(Map.of("env", "PRD", "idc", "DEFAULT", "subsystem", "emc", "username", Optional.empty(), "password",
                Optional.empty()));
        values.putAll(set);
        return (WorkerConfig.Mesh) Proxy.newProxyInstance(MeshSettingsTest.class.getClassLoader(),
                new Class<?>[]{WorkerConfig.Mesh.class}, (proxy, method, arguments) -> values.get(method.getName()));
    }
}
