package dev.emc.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Ports of the loopback interface. */
final class Ports {

    private Ports() {}

    /** One that nobody listens on now. */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether somebody listens. */
    static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a GET is answered with 200 and with a text in the body. */
    static boolean answers(int port, String path, String text) {
        return get(port, path).filter(body -> body.contains(text)).isPresent();
    }

    /** What a GET is answered with; nothing when that isn't 200, or there is no answer yet. */
    static Optional<String> get(int port, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.startsWith(" 200", 8)
                    ? Optional.of(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Records that the connector with its metrics at a port has delivered; -1 when they can't be had. */
    static long delivered(int port) {
        return get(port, "/q/metrics").map(metrics -> metrics.lines()
                .filter(line -> line.startsWith("emc_records_delivered_total"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum()).orElse(-1L);
    }
}
