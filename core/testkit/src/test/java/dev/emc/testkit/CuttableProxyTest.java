package dev.emc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy in front of a server that sends each byte back. */
class CuttableProxyTest {

    private static final int SHORT = 300;
    private static final int LONG = 20_000;

    private ServerSocket server;
    private CuttableProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::echo);
        acceptor.setDaemon(true);
        acceptor.start();
        proxy = CuttableProxy.to("127.0.0.1", server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private void echo() {
        while (true) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> {
                    try (socket; InputStream in = socket.getInputStream()) {
                        in.transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        return; // cut
                    }
                });
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(LONG);
        return socket;
    }

    /** Sends a byte and reads what comes back. */
    private static int ask(Socket socket, int question) throws IOException {
        socket.getOutputStream().write(question);
        return socket.getInputStream().read();
    }

    private static void assertSilent(Socket socket, int question) throws IOException {
        socket.setSoTimeout(SHORT);
        assertThrows(SocketTimeoutException.class, () -> ask(socket, question));
        socket.setSoTimeout(LONG);
    }

    @Test
    void passesBothDirections() throws IOException {
        try (Socket socket = connect()) {
            assertEquals(7, ask(socket, 7));
        }
    }

    @Test
    void passesTheEndOfTheStream() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 7);
            socket.shutdownOutput();

            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void aCutEndsConnectionsAndRefusesNewOnes() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 7);
            proxy.cut();

            assertThrows(SocketException.class, () -> ask(socket, 8));
            assertThrows(ConnectException.class, this::connect);
        }
    }

    @Test
    void aMendedCutListensAtTheSamePort() throws IOException {
        proxy.cut();
        proxy.mend();
        try (Socket socket = connect()) {
            assertEquals(7, ask(socket, 7));
        }
    }

    @Test
    void aResetEndsConnectionsAndAcceptsNewOnes() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 7);
            proxy.reset();

            assertThrows(SocketException.class, () -> ask(socket, 8));
        }
        try (Socket socket = connect()) {
            assertEquals(9, ask(socket, 9));
        }
    }

    @Test
    void aBlackHoleSwallowsBytesOfOldAndNewConnections() throws IOException {
        try (Socket old = connect()) {
            ask(old, 7);
            proxy.blackHole();
            try (Socket young = connect()) {
                assertSilent(old, 8);
                assertSilent(young, 9);
            }
        }
    }

    @Test
    void aMendedBlackHoleResetsWhatHasLostBytes() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 7);
            proxy.blackHole();
            socket.getOutputStream().write(8);
            proxy.mend();

            assertThrows(SocketException.class, () -> socket.getInputStream().read());
        }
    }

    @Test
    void strandedConnectionsAreSilentWhileNewOnesPass() throws IOException {
        try (Socket old = connect()) {
            ask(old, 7);
            proxy.strand();
            try (Socket young = connect()) {
                assertSilent(old, 8);
                assertEquals(9, ask(young, 9));
            }
        }
    }

    @Test
    void lostAnswersLeaveTheQuestions() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 7);
            proxy.loseAnswers();

            assertSilent(socket, 8);
        }
    }

    @Test
    void aStalledConnectionGoesOnWhereItStood() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 7);
            proxy.stall();
            assertSilent(socket, 8);
            proxy.mend();

            assertEquals(8, socket.getInputStream().read());
        }
    }

    @Test
    void aDelayHoldsEachDirection() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, 7);
            proxy.delay(Duration.ofMillis(100));
            long from = System.nanoTime();
            ask(socket, 8);

            assertTrue(System.nanoTime() - from >= Duration.ofMillis(200).toNanos());
        }
    }

    @Test
    void movesToAnotherServer() throws IOException {
        server.close();
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::echo);
        acceptor.setDaemon(true);
        acceptor.start();
        proxy.moveTo(server.getLocalPort());
        try (Socket socket = connect()) {
            assertEquals(7, ask(socket, 7));
        }
    }
}
