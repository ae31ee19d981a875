package dev.emc.core.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.emc.core.config.WorkerConfig;

/** Where the server listens. */
class HttpServerTest {

    private record Http(boolean enabled, String host, Optional<Integer> port) implements WorkerConfig.Http {}

    private static HttpServer server(boolean enabled, String host, Optional<Integer> port) {
        return new HttpServer(new Http(enabled, host, port), path -> Optional.empty());
    }

    @Test
    void aTakenPortIsSaid() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            HttpServer server = server(true, "127.0.0.1", Optional.of(taken.getLocalPort()));

            assertEquals("http.port " + taken.getLocalPort() + " of 127.0.0.1 is taken by another process; set http.port to"
                    + " a free one, or http.enabled to false", assertThrows(IOException.class, server::start).getMessage());
            assertTrue(server.port().isEmpty());
        }
    }

    @Test
    void twoServersWithoutAPortOfTheirOwnBothListen() throws IOException {
        try (HttpServer one = server(true, "127.0.0.1", Optional.empty());
                HttpServer other = server(true, "127.0.0.1", Optional.empty())) {
            one.start();
            other.start();

            assertTrue(one.port().getAsInt() != other.port().getAsInt());
        }
    }

    @Test
    void anAddressThatIsNotOursIsSaid() {
        assertEquals("http.host 192.0.2.1 is no address of this machine; set http.host to 127.0.0.1, or 0.0.0.0 for all",
                assertThrows(IOException.class, server(true, "192.0.2.1", Optional.of(0))::start).getMessage());
    }

    @Test
    void aHostThatDoesNotExistIsSaid() {
        assertEquals("http.host nowhere.invalid is no address of this machine; set http.host to 127.0.0.1, or 0.0.0.0 for"
                + " all", assertThrows(IOException.class, server(true, "nowhere.invalid", Optional.of(0))::start).getMessage());
    }

    @Test
    void canBeOff() throws IOException {
        try (HttpServer server = server(false, "127.0.0.1", Optional.empty())) {
            server.start();

            assertTrue(server.port().isEmpty());
        }
    }
}
