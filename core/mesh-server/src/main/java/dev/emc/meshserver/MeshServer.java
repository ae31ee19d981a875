package dev.emc.meshserver;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.apache.eventmesh.common.protocol.tcp.RedirectInfo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;

import dev.emc.wire.FrameDecoder;
import dev.emc.wire.FrameEncoder;

/**
 * A small single-node server that speaks EventMesh's TCP protocol, for a laptop and for tests. Topics are the subjects of
 * the CloudEvents that are published.
 *
 * <p>What it promises:
 * <ul>
 * <li>A publisher is answered with code 0 when its event is kept: in memory, or with a data folder on disk, forced there
 * with fsync. Then neither a killed process nor a power failure loses it.
 * <li>Each clustering group gets every event at least once, each event going to one of its members; each broadcasting
 * subscriber gets every event that comes while it is there.
 * <li>A group begins with the oldest event that is kept, and keeps its place while it has no subscriber. A topic that
 * nobody has subscribed to yet keeps its events for whoever comes first.
 * <li>An event is pushed again when it isn't acknowledged in time, and at once when its session ends: after a lost
 * session in the original order and before newer ones.
 * <li>When the limits are reached, publishers wait; nothing is thrown away.
 * </ul>
 *
 * <p>One thread does everything but the disk, so that nothing is locked.
 */
public final class MeshServer implements AutoCloseable {

    private static final long TICK_MILLIS = 200;
    private static final int CLOSE_SECONDS = 10;
    private static final long LOG_EVERY = TimeUnit.SECONDS.toNanos(5);
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 512 * 1024);

    private final MeshServerConfig config;
    private final NioEventLoopGroup threads = new NioEventLoopGroup(1, new DefaultThreadFactory("emc-mesh", true));
    private final EventLoop loop = threads.next();
    private final EventScanner scanner = new EventScanner();
    private final Imitation imitation;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private List<Connection> toFlush = new ArrayList<>();
    private Broker broker;
    private EventStore store;
    private Channel acceptor;
    private boolean settleQueued;
    private boolean frozen;
    private volatile boolean closing;
    private boolean logged;
    private long lastLog;
    private long unlogged;

    private MeshServer(MeshServerConfig config) {
        this.config = config;
        this.imitation = new Imitation(config.quirks);
    }

    /**
     * Starts a server, which is ready for clients when this returns.
     *
     * @throws MeshServerException when the address can't be had or the data folder can't be used
     */
    public static MeshServer start(MeshServerConfig config) throws MeshServerException {
        MeshServer server = new MeshServer(config);
        try {
            server.open();
            return server;
        } catch (MeshServerException | RuntimeException e) {
            if (server.store != null) {
                server.store.close();
            }
            server.threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private void open() throws MeshServerException {
        if (config.data != null) {
            store = EventStore.open(config.data, task -> loop.execute(() -> {
                task.run();
                settle();
            }), config.log, this::failed);
            store.drop(config.droppedGroups);
        }
        broker = new Broker(config, store);
        if (store != null) {
            store.restore(broker);
        }
        acceptor = bind();
        loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Channel bind() throws MeshServerException {
        InetSocketAddress address = new InetSocketAddress(config.host, config.port);
        if (address.isUnresolved()) {
            throw new MeshServerException("The host '" + config.host + "' is not known: name an address of this machine with"
                    + " --host.", null);
        }
        ServerBootstrap bootstrap = new ServerBootstrap().group(threads).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new FrameDecoder(), new FrameEncoder(), new Connection(MeshServer.this));
                    }
                });
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (bound.isSuccess()) {
            return bound.channel();
        }
        String reason = bound.cause() instanceof BindException
                ? "it is taken or not of this machine"
                : bound.cause().getMessage();
        throw new MeshServerException("Can't listen at " + config.host + ":" + config.port + " (" + reason
                + "): stop the program that does, or choose another --port or --host.", bound.cause());
    }

    /** TCP port that it listens at. */
    public int port() {
        return address().getPort();
    }

    /** Address that it listens at. */
    public InetSocketAddress address() {
        SocketAddress address = acceptor.localAddress();
        return (InetSocketAddress) address;
    }

    /** What the server holds now. */
    public MeshStats stats() {
        return call(() -> broker.stats());
    }

    /** Says goodbye to all clients and disconnects them, as an administrator of EventMesh can. */
    public void kickAll() {
        each(Connection::sayGoodbye);
    }

    /** Disconnects all clients without a word. */
    public void dropAll() {
        each(Connection::drop);
    }

    /** Sends all clients to another server, as an administrator of EventMesh can. */
    public void redirectAll(String ip, int port) {
        RedirectInfo to = new RedirectInfo(ip, port);
        each(connection -> connection.redirect(to));
    }

    private void each(Consumer<Connection> action) {
        call(() -> {
            List.copyOf(connections).forEach(action);
            return null;
        });
    }

    /** Stays connected, but neither reads nor writes nor accepts, like a server whose machine is gone. */
    public void freeze() {
        setFrozen(true);
    }

    /** Goes on after {@link #freeze}. */
    public void thaw() {
        setFrozen(false);
    }

    private void setFrozen(boolean freeze) {
        call(() -> {
            frozen = freeze;
            acceptor.config().setAutoRead(!freeze);
            connections.forEach(Connection::refresh);
            settle();
            return null;
        });
    }

    /** Waits until the server has ended. @throws MeshServerException when it ended because its disk failed */
    public void awaitEnd() throws MeshServerException, InterruptedException {
        try {
            end.get();
        } catch (ExecutionException e) {
            throw (MeshServerException) e.getCause();
        }
    }

    /**
     * Stops taking events, writes to disk what was taken, answers for it, says goodbye and ends. With a data folder the
     * next server goes on from there; else all events are gone.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                end.handle((done, failure) -> null).join();
                return;
            }
            closing = true;
        }
        acceptor.close().awaitUninterruptibly();
        if (!end.isDone()) {
            drain();
        }
        call(() -> {
            settle();
            List.copyOf(connections).forEach(Connection::sayGoodbye);
            return null;
        });
        if (store != null) {
            store.close();
        }
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        end.complete(null);
    }

    private void drain() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        loop.execute(() -> {
            frozen = false;
            connections.forEach(Connection::read);
            broker.drain(() -> drained.complete(null));
        });
        try {
            drained.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            config.log.accept("The last events could not be written to disk in time; their publishers were not answered.");
        }
    }

    /** The disk failed: nothing that comes now could be kept. */
    private void failed(MeshServerException failure) {
        loop.execute(() -> {
            if (end.completeExceptionally(failure)) {
                config.log.accept(failure.getMessage());
                acceptor.close();
                List.copyOf(connections).forEach(Connection::sayGoodbye);
            }
        });
    }

    private <T> T call(Callable<T> action) {
        if (loop.inEventLoop()) {
            throw new IllegalStateException("Not to be called on the server's own thread");
        }
        Future<T> called = loop.submit(action).awaitUninterruptibly();
        if (!called.isSuccess()) {
            throw new IllegalStateException(called.cause());
        }
        return called.getNow();
    }

    private void tick() {
        if (frozen) {
            return;
        }
        long now = System.nanoTime();
        List.copyOf(connections).forEach(connection -> connection.checkAlive(now));
        broker.tick();
        settle();
    }

    // what follows is for connections, on the server's thread

    Broker broker() {
        return broker;
    }

    Imitation imitation() {
        return imitation;
    }

    MeshServerConfig config() {
        return config;
    }

    EventScanner scanner() {
        return scanner;
    }

    boolean frozen() {
        return frozen;
    }

    /** Whether requests are read at all. */
    boolean reading() {
        return !frozen && !closing;
    }

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /** Another client that publishes; null when there is none. */
    Connection otherPublisher(Connection than) {
        return connections.stream().filter(one -> one != than && one.publisher()).findFirst().orElse(null);
    }

    void flushLater(Connection connection) {
        toFlush.add(connection);
    }

    /** Lets the broker do what is due, and sends what it has written. */
    void settle() {
        settleQueued = false;
        broker.run();
        if (frozen || toFlush.isEmpty()) {
            return;
        }
        List<Connection> flushed = toFlush;
        toFlush = new ArrayList<>();
        flushed.forEach(Connection::flush);
    }

    /** {@link #settle}, but not within what goes on now. */
    void settleLater() {
        if (!settleQueued) {
            settleQueued = true;
            loop.execute(this::settle);
        }
    }

    /** Logs what a client was refused; many refusals make one line. */
    void refused(String client, String what, String problem) {
        unlogged++;
        long now = System.nanoTime();
        if (logged && now - lastLog < LOG_EVERY) {
            return;
        }
        config.log.accept("Refused: " + what + " of " + client + ": " + problem
                + (unlogged > 1 ? " (and " + (unlogged - 1) + " other refusals since the last such line)." : "."));
        logged = true;
        lastLog = now;
        unlogged = 0;
    }
}
