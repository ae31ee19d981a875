package dev.emc.core.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.apache.eventmesh.common.protocol.tcp.Command;
import org.junit.jupiter.api.Test;

import dev.emc.api.Check;
import dev.emc.wire.Frame;

class MeshProbeTest {

    private static Check check(int port, boolean publisher) throws InterruptedException {
        return MeshProbe.check(new MeshSettings("127.0.0.1", port, "g", List.of("t"), false, 1, 1, Duration.ofSeconds(5),
                1 << 20, "e", "i", "s", "u", "p", 0, Duration.ofSeconds(20)), publisher);
    }

    @Test
    void helloAndGoodbyeAreAllThatIsSaid() throws Exception {
        try (var mesh = new FakeMesh()) {
            assertEquals(Check.passed("mesh 127.0.0.1:" + mesh.port, "takes this client as a subscriber of group g"),
                    check(mesh.port, false));

            Frame hello = mesh.frames.take();
            assertEquals(Command.HELLO_REQUEST, hello.command());
            assertTrue(new String(hello.body(), StandardCharsets.UTF_8).contains("\"purpose\":\"sub\""));
            assertEquals(Command.CLIENT_GOODBYE_REQUEST, mesh.frames.take().command());
            assertTrue(mesh.frames.isEmpty());
        }
    }

    @Test
    void aSourceIsAPublisher() throws Exception {
        try (var mesh = new FakeMesh()) {
            assertEquals("takes this client as a publisher of group g", check(mesh.port, true).message());
        }
    }

    @Test
    void aRefusalIsSaidWithItsReason() throws Exception {
        try (var mesh = new FakeMesh()) {
            mesh.script = (client, frame) -> {
                FakeMesh.answer(client, frame, Frame.ACL_FAIL, "who are you");
                return true;
            };

            assertEquals(Check.failed("mesh 127.0.0.1:" + mesh.port, "refuses this client (who are you)",
                    "check mesh.group, mesh.username and mesh.password"), check(mesh.port, true));
        }
    }

    @Test
    void nobodyThereIsSaid() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertEquals(Check.failed("mesh 127.0.0.1:" + port, "can't be reached (Connection refused)",
                "start EventMesh there, or correct mesh.address"), check(port, true));
    }

    @Test
    void anotherKindOfServerIsSaid() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var thread = new Thread(() -> answerLikeAWebServer(server));
            thread.start();

            Check check = check(server.getLocalPort(), true);

            assertTrue(check.message().startsWith("takes the connection and gives no answer to a hello (it sent something odd"),
                    check.message());
            assertTrue(check.remedy().startsWith("check that mesh.address is the TCP port of an EventMesh server"));
            thread.join();
        }
    }

    private static void answerLikeAWebServer(ServerSocket server) {
        try (Socket socket = server.accept(); OutputStream out = socket.getOutputStream()) {
            out.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.getInputStream().readAllBytes();
        } catch (java.io.IOException closed) {
            // by the probe
        }
    }
}
