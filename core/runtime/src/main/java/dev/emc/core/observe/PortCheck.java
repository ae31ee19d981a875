package dev.emc.core.observe;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import dev.emc.api.Check;
import dev.emc.core.config.Json;
import dev.emc.core.config.WorkerConfig;

/** Looks whether {@link HttpServer} will get its port. */
public final class PortCheck {

    private static final int PATIENCE_MS = 2_000;
    private static final int LONGEST_ANSWER = 64 * 1024;

    private PortCheck() {}

    /** @param worker the worker's name: when it runs already, the port is its own */
    public static Check of(WorkerConfig.Http config, String worker) {
        if (!config.enabled()) {
            return Check.passed("http", "switched off");
        }
        int port = config.port().orElse(HttpServer.DEFAULT_PORT);
        var address = new InetSocketAddress(config.host(), port);
        String subject = "http port " + config.host() + ":" + port;
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address);
            return Check.passed(subject, "is free");
        } catch (IOException e) {
            if (!HttpServer.isTaken(e)) {
                return Check.failed(subject, "can't be opened: " + e.getMessage(), address.isUnresolved()
                        || e instanceof BindException
                                ? "set http.host to 127.0.0.1, or 0.0.0.0 for all, and http.port to a port that this user may open"
                                : "set http.port to another one, or http.enabled to false");
            }
            if (config.port().isEmpty()) {
                return Check.passed(subject, "is taken; any other free port is used, because http.port is not set");
            }
            return isOf(worker, address)
                    ? Check.passed(subject, "is in use by this worker, which is running")
                    : Check.failed(subject, "is taken by another process",
                            "set http.port to a free one, or http.enabled to false");
        }
    }

    /** Whether it is the worker that answers there. */
    private static boolean isOf(String worker, InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write("GET /status HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
            return answer.contains("\"name\": " + Json.text(worker));
        } catch (IOException noWorker) {
            return false;
        }
    }
}
