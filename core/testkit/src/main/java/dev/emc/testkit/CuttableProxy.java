package dev.emc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy on the loopback interface in front of a server, and all that a network can do to the connections through it.
 * Its address stays the same whatever is done to it. Each disturbance replaces the one before; {@link #mend} ends it.
 */
public final class CuttableProxy implements AutoCloseable {

    /** What happens to the bytes of one direction. */
    private enum Flow {
        PASS, HOLD, DROP
    }

    private static final int CHUNK = 64 * 1024;

    private final int port;
    private final AtomicLong accepted = new AtomicLong();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile InetSocketAddress server;
    private volatile ServerSocket listener;
    private volatile Thread accepting;
    private volatile Flow toServer = Flow.PASS;
    private volatile Flow toClient = Flow.PASS;
    private volatile long delayMillis;
    private volatile boolean closed;

    private CuttableProxy(InetSocketAddress server) throws IOException {
        this.server = server;
        this.port = listen(EmcProcess.freePort());
    }

    /** Starts one on a free port of 127.0.0.1, in front of a server that need not be there yet. */
    public static CuttableProxy to(String host, int port) throws IOException {
        return new CuttableProxy(new InetSocketAddress(host, port));
    }

    /** Starts one in front of a server at {@code host:port}. */
    public static CuttableProxy to(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        return to(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    /** {@code host:port} of the proxy, for the client. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** How many connections are open through it now. */
    public int connections() {
        return links.size();
    }

    /** How many connections it has accepted since it was started. */
    public long accepted() {
        return accepted.get();
    }

    /** New connections go to a server at another port of the same host, for a server that came back elsewhere. */
    public void moveTo(int serverPort) {
        server = new InetSocketAddress(server.getHostString(), serverPort);
    }

    /** Everything passes again. Connections that have lost bytes are reset; those that were held go on where they stood. */
    public synchronized void mend() throws IOException {
        boolean lost = toServer == Flow.DROP || toClient == Flow.DROP;
        delayMillis = 0;
        flow(Flow.PASS, Flow.PASS);
        links.stream().filter(link -> lost || link.stranded).forEach(Link::reset);
        if (listener == null) {
            listen(port);
        }
    }

    /** Ends all connections with a reset and refuses new ones, as when the server's process has died. */
    public synchronized void cut() throws IOException {
        ServerSocket open = listener;
        listener = null;
        if (open != null) {
            open.close();
            joinAccepting();
        }
        flow(Flow.PASS, Flow.PASS);
        reset();
    }

    /** The kernel takes connections until the thread that accepts them has noticed. */
    private void joinAccepting() {
        try {
            accepting.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all connections with a reset; new ones pass. */
    public void reset() {
        links.forEach(Link::reset);
    }

    /**
     * Connections stay open and new ones are accepted, but their bytes vanish in both directions, as when the server's machine
     * has lost its power.
     */
    public synchronized void blackHole() throws IOException {
        disturb(Flow.DROP, Flow.DROP);
    }

    /**
     * The open connections stay and their bytes vanish, while new ones pass: half-open, as after a restart of the server's
     * machine behind a firewall that tells nobody.
     */
    public synchronized void strand() throws IOException {
        mend();
        links.forEach(link -> link.stranded = true);
    }

    /** What the client sends arrives; what the server answers vanishes. */
    public synchronized void loseAnswers() throws IOException {
        disturb(Flow.PASS, Flow.DROP);
    }

    /** Nothing passes and nothing is lost: {@link #mend} delivers what was held, as when a cable is plugged in again. */
    public synchronized void stall() throws IOException {
        disturb(Flow.HOLD, Flow.HOLD);
    }

    /** Each piece of up to 64 KB waits this long in each direction: a slow network with a small bandwidth. */
    public synchronized void delay(Duration delay) throws IOException {
        disturb(Flow.PASS, Flow.PASS);
        delayMillis = delay.toMillis();
    }

    private void disturb(Flow up, Flow down) throws IOException {
        mend();
        flow(up, down);
    }

    private synchronized void flow(Flow up, Flow down) {
        toServer = up;
        toClient = down;
        notifyAll();
    }

    /** A listener that was closed keeps its port until the thread that accepts has noticed. */
    private static ServerSocket bind(int wanted) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 128);
                return socket;
            } catch (BindException taken) {
                socket.close();
                if (System.nanoTime() - deadline > 0) {
                    throw taken;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    private int listen(int wanted) throws IOException {
        ServerSocket socket = bind(wanted);
        listener = socket;
        accepting = start("accept", () -> accept(socket));
        return socket.getLocalPort();
    }

    private void accept(ServerSocket socket) {
        while (true) {
            try {
                Socket client = socket.accept();
                accepted.incrementAndGet();
                start("connect", () -> connect(client)); // a server that doesn't answer must not hold up the others
            } catch (IOException e) {
                return; // cut or closed
            }
        }
    }

    private void connect(Socket client) {
        Link link = new Link(client);
        links.add(link);
        try {
            link.connect(server);
        } catch (IOException e) {
            link.reset();
        }
        if (closed || listener == null) {
            link.reset();
        }
    }

    private Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, "proxy " + port + " " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits until the bytes of a direction may move. @return whether they pass */
    private synchronized boolean passes(boolean up) throws InterruptedException {
        while (!closed && (up ? toServer : toClient) == Flow.HOLD) {
            wait();
        }
        return (up ? toServer : toClient) == Flow.PASS;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        cut();
    }

    /** One client's connection and the one to the server that belongs to it. */
    private final class Link {

        private final Socket client;
        private final Socket upstream = new Socket();
        private volatile boolean stranded;

        private Link(Socket client) {
            this.client = client;
        }

        private void connect(InetSocketAddress to) throws IOException {
            upstream.connect(new InetSocketAddress(to.getHostString(), to.getPort()), 10_000);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            start("to server", () -> pump(client, upstream, true));
            start("to client", () -> pump(upstream, client, false));
        }

        private void pump(Socket from, Socket to, boolean up) {
            byte[] buffer = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (delayMillis > 0) {
                        Thread.sleep(delayMillis);
                    }
                    if (passes(up) && !stranded) {
                        out.write(buffer, 0, length);
                    }
                }
                if (passes(up) && !stranded) {
                    to.shutdownOutput(); // the end of the stream is news too
                }
                if (from.isOutputShutdown()) {
                    closeQuietly();
                }
            } catch (IOException | InterruptedException e) {
                reset();
            }
        }

        private void closeQuietly() {
            links.remove(this);
            close(client);
            close(upstream);
        }

        private void reset() {
            linger(client);
            linger(upstream);
            closeQuietly();
        }

        private static void linger(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                return; // closed already
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                return; // nothing left to do with it
            }
        }
    }
}
