package dev.emc.http.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLEngine;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * An HTTP/1.1 server for what is pushed to a connector: answers come when the work is done, and whatever callers do, memory,
 * connections and time that they can take are bounded. On the Netty that every worker has for the mesh: Quarkus' Vert.x would
 * add a fifth to the size of an executable and double its start.
 */
public final class WebServer implements AutoCloseable {

    private static final int THREADS = 2;
    /** Milliseconds from one look at what depends on time to the next. */
    static final long TICK = 250;

    private final ServerSettings settings;
    private final Service service;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong buffered = new AtomicLong();
    private EventLoopGroup loops;
    private Channel listener;
    private volatile boolean draining;

    public WebServer(ServerSettings settings, Service service) {
        this.settings = settings;
        this.service = service;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when it can't; the message says why, as in "port 80 is taken by another process"
     */
    public void start() throws IOException {
        loops = new NioEventLoopGroup(THREADS, new DefaultThreadFactory("http-server", true));
        ServerBootstrap server = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024).option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        open(channel);
                    }
                });
        ChannelFuture bound = server.bind(settings.host(), settings.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new IOException(reason(bound.cause()), bound.cause());
        }
        listener = bound.channel();
        loops.next().scheduleAtFixedRate(service::tick, TICK, TICK, TimeUnit.MILLISECONDS);
    }

    private void open(Channel channel) {
        if (draining || connections.size() >= settings.maxConnections() && !evictLongestIdle()) {
            channel.close();
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        if (settings.tls() != null) {
            SSLEngine engine = settings.tls().createSSLEngine();
            engine.setUseClientMode(false);
            engine.setNeedClientAuth(settings.clientCertificates());
            SslHandler tls = new SslHandler(engine);
            tls.setHandshakeTimeoutMillis(settings.requestTimeout().toMillis());
            pipeline.addLast(tls);
        }
        Connection connection = new Connection(this, channel);
        connections.add(connection);
        channel.closeFuture().addListener(closed -> connections.remove(connection));
        // what a caller sends before it has its answer waits in the flow control, and then in the network
        pipeline.addLast(new StrictRequestDecoder(settings.maxHeaders()), new HttpResponseEncoder(), new FlowControlHandler(),
                connection);
    }

    /** Callers that have a request come before those who keep a connection for one; false when there are none of these. */
    private boolean evictLongestIdle() {
        Connection longest = null;
        for (Connection connection : connections) {
            long since = connection.idleSince();
            if (since != Long.MAX_VALUE && (longest == null || since - longest.idleSince() < 0)) {
                longest = connection;
            }
        }
        if (longest == null) {
            return false;
        }
        connections.remove(longest);
        longest.evict();
        return true;
    }

    private String reason(Throwable failure) {
        int port = settings.port();
        if (failure instanceof BindException && String.valueOf(failure.getMessage()).contains("in use")) {
            return "port " + port + " of " + settings.host() + " is taken by another process";
        }
        if (failure instanceof BindException && String.valueOf(failure.getMessage()).contains("ermission")) {
            return "port " + port + " may not be opened by this user: those below 1024 are for root";
        }
        if (failure instanceof BindException || failure instanceof UnknownHostException
                || failure instanceof UnresolvedAddressException) {
            return settings.host() + " is no address of this machine";
        }
        return "port " + port + " of " + settings.host() + " can't be opened (" + failure.getMessage() + ")";
    }

    /** The port that it listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Connections that are open now. */
    public int connections() {
        return connections.size();
    }

    /** Bytes of the bodies that are held now. */
    public long buffered() {
        return buffered.get();
    }

    /** Takes no more requests, and lets those that are here be answered. */
    public void drain() {
        draining = true;
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        connections.forEach(Connection::drain);
    }

    /** {@link #drain}, then a moment for the last answers, then the end of all connections. */
    @Override
    public void close() {
        drain();
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (!connections.isEmpty() && System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            loops = null;
        }
    }

    ServerSettings settings() {
        return settings;
    }

    Service service() {
        return service;
    }

    boolean isDraining() {
        return draining;
    }

    /** Takes room for bytes of a body; false when there is none. */
    boolean take(long bytes) {
        if (buffered.addAndGet(bytes) > settings.maxBuffered()) {
            buffered.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        buffered.addAndGet(-bytes);
    }
}
