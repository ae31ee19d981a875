package dev.emc.core.mesh;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.apache.eventmesh.common.protocol.tcp.Command;
import org.jboss.logging.Logger;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.wire.Bodies;
import dev.emc.wire.Frame;

/** Keeps one connection to the mesh: connects, says hello, and does so again whenever the connection is lost. */
abstract class MeshSession implements Link.Listener {

    private static final Logger LOG = Logger.getLogger(MeshSession.class);

    /** How long to wait for the answer to a hello and the like. */
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** How long each step of closing may take. */
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final String REFUSED = "Connection refused";
    private static final long FIRST_DELAY_MS = 100;
    private static final long MAX_DELAY_MS = 5_000;
    /** At the start somebody waits. */
    private static final long MAX_OPENING_DELAY_MS = 500;
    /** A connection that lasted shorter than this counts as another failed attempt. */
    private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    final MeshSettings settings;
    private final String purpose;
    private final int unacked;

    /** The link in use; null while there is none. Written on the event loop of the link. */
    volatile Link link;
    /** Why there is no link, a clause or a sentence. */
    private volatile String problem = "not connected yet";
    private volatile boolean closed;
    private volatile Link connecting;

    private final Object monitor = new Object();
    /** Guarded by monitor, as all below. */
    private Thread connector;
    private String redirectHost;
    private int redirectPort;
    private int attempts;
    private long upSince;
    private String where;

    /**
     * @param purpose what the server knows it by: {@code pub} or {@code sub}
     * @param unacked events that the server may push without an acknowledgement; 0: as it likes
     */
    MeshSession(MeshSettings settings, String purpose, int unacked) {
        this.settings = settings;
        this.purpose = purpose;
        this.unacked = unacked;
        this.where = settings.address();
    }

    /** The server refuses something that it may allow in a moment. */
    static final class NotYet extends IOException {

        private static final long serialVersionUID = 1;

        NotYet(String message) {
            super(message);
        }
    }

    /** What has to be asked for after the hello. On a thread that may block. */
    void establish(Link fresh) throws ConnectorException, IOException, InterruptedException {}

    /** The link is in use from now on. On its event loop. */
    void up(Link fresh) {}

    /** The link that was in use is gone. On its event loop. */
    void down(Link old, String reason) {}

    /** Whether a lost connection is to be replaced. */
    boolean wanted() {
        return !closed;
    }

    /**
     * Connects; tries again until the deadline.
     *
     * @throws RetryableException when the mesh can't be reached in time
     * @throws FatalException when the mesh refuses this client
     */
    void open(Duration deadline) throws ConnectorException, InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        for (int attempt = 1;; attempt++) {
            Exception failure;
            try {
                connect();
                return;
            } catch (IOException | RetryableException e) {
                failure = e;
                problem = reason(e);
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0 && failure instanceof NotYet) {
                throw new FatalException(failure.getMessage());
            }
            if (left <= 0 || closed) {
                throw new RetryableException("The mesh at " + settings.address() + " can't be reached (" + reason(failure)
                        + "): check that EventMesh runs there and that mesh.address is right.", failure);
            }
            Thread.sleep(Math.min(left, Math.min(MAX_OPENING_DELAY_MS, delayMillis(attempt))));
        }
    }

    /** One attempt. */
    private void connect() throws ConnectorException, IOException, InterruptedException {
        String host;
        int port;
        synchronized (monitor) {
            host = redirectHost == null ? settings.host() : redirectHost;
            port = redirectHost == null ? settings.port() : redirectPort;
            redirectHost = null;
            where = host + ":" + port;
        }
        Link fresh = new Link(host, port, settings.agent(purpose, unacked), settings.heartbeat(), this);
        connecting = fresh;
        boolean done = false;
        try {
            fresh.connect();
            Frame answer = fresh.request(Command.HELLO_REQUEST, Command.HELLO_RESPONSE, Bodies.write(fresh.agent()), ANSWER);
            check(answer, "this client");
            establish(fresh);
            fresh.channel().eventLoop().submit(() -> {
                if (!fresh.active() || closed) {
                    throw new IOException("the connection was lost at once");
                }
                fresh.startHeartbeats();
                synchronized (monitor) {
                    upSince = System.nanoTime();
                }
                link = fresh;
                up(fresh);
                return null;
            }).get();
            done = true;
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e.getCause());
        } finally {
            connecting = null;
            if (!done) {
                fresh.close();
            }
        }
    }

    /**
     * Judges the answer to a hello, a subscription and the like.
     *
     * @param what what the server may refuse, for the user
     */
    final void check(Frame answer, String what) throws ConnectorException {
        if (answer.code() == Frame.SUCCESS) {
            return;
        }
        String message = "The mesh at " + settings.address() + " refuses " + what + ": "
                + (answer.desc() == null ? "code " + answer.code() : answer.desc());
        if (Overload.is(answer)) {
            throw new RetryableException(message + ".");
        }
        throw new FatalException(message + " (check mesh.group, mesh.topic and the credentials).");
    }

    @Override
    public void redirected(String host, int port) {
        synchronized (monitor) {
            redirectHost = host;
            redirectPort = port;
        }
    }

    @Override
    public void lost(Link old, String reason) {
        if (link != old) {
            // it was never in use: whoever tries to connect hears of it himself
            return;
        }
        link = null;
        problem = reason;
        old.close();
        down(old, reason);
        synchronized (monitor) {
            if (!wanted() || connector != null) {
                return;
            }
            if (System.nanoTime() - upSince > STABLE_NANOS) {
                attempts = 0;
            }
            LOG.warnf("Lost the connection to the mesh at %s because %s; connecting again.", where, reason);
            connector = new Thread(this::reconnect, "emc-mesh-connect");
            connector.setDaemon(true);
            connector.start();
        }
    }

    private void reconnect() {
        boolean told = false;
        try {
            while (wanted()) {
                int attempt;
                synchronized (monitor) {
                    attempt = attempts++;
                }
                Thread.sleep(delayMillis(attempt));
                try {
                    connect();
                    synchronized (monitor) {
                        // else it was lost again before this thread was out of the way
                        if (link != null) {
                            LOG.infof("Connected to the mesh at %s again.", where);
                            return;
                        }
                    }
                } catch (FatalException | NotYet e) {
                    problem = e.getMessage();
                    if (!told) {
                        told = true;
                        LOG.warnf("%s Trying again.", e.getMessage());
                    }
                } catch (RetryableException | IOException e) {
                    problem = reason(e);
                } catch (RuntimeException e) {
                    // such as Netty's when the process may open no more files
                    problem = reason(e);
                    LOG.debug("Connecting failed.", e);
                }
            }
        } catch (InterruptedException e) {
            LOG.debugf("Closed while connecting.");
        } catch (ConnectorException e) {
            problem = reason(e);
        } finally {
            synchronized (monitor) {
                connector = null;
            }
        }
    }

    /** Nothing before the first new attempt, then 100 ms doubled each time up to 5 s, half of it by chance. */
    private static long delayMillis(int attempt) {
        if (attempt == 0) {
            return 0;
        }
        long full = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS << Math.min(attempt - 1, 20));
        return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
    }

    static String reason(Throwable e) {
        if (e instanceof UnknownHostException) {
            return "there is no host of this name";
        }
        String message = e.getMessage();
        if (message == null) {
            return e.getClass().getSimpleName();
        }
        // Netty adds the address, which is said anyway
        return message.startsWith(REFUSED) ? REFUSED : message;
    }

    String where() {
        synchronized (monitor) {
            return where;
        }
    }

    String problem() {
        return problem;
    }

    /** Says goodbye, so that the server has taken in all that was sent before, and closes. */
    void close() {
        closed = true;
        Thread thread;
        synchronized (monitor) {
            thread = connector;
        }
        if (thread != null) {
            thread.interrupt();
        }
        // in this order: a link is in use before it ends to be the connecting one
        Link other = connecting;
        Link now = link;
        if (now != null && now.active()) {
            try {
                now.pause(false);
                now.request(Command.CLIENT_GOODBYE_REQUEST, Command.CLIENT_GOODBYE_RESPONSE, new byte[0],
                        CLOSING);
            } catch (IOException e) {
                LOG.debugf(e, "No answer to the goodbye.");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (other != null) {
            other.close();
            other.awaitClosed(CLOSING);
        }
        if (now != null) {
            now.close();
            now.awaitClosed(CLOSING);
        }
        if (thread != null) {
            try {
                thread.join(CLOSING.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
