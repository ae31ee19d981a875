package dev.emc.core.mesh;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.apache.eventmesh.common.protocol.tcp.Command;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

import dev.emc.wire.Frame;
import dev.emc.wire.FrameDecoder;
import dev.emc.wire.FrameEncoder;

/** A server that speaks the protocol and does what a test tells it. */
final class FakeMesh implements AutoCloseable {

    /** What a test does with a message instead of the usual answer. */
    interface Script {

        /** @return whether the message is dealt with */
        boolean received(Channel client, Frame frame);
    }

    static final Duration DEADLINE = Duration.ofSeconds(30);

    private final EventLoopGroup threads = new NioEventLoopGroup(1);
    private Channel server;
    final int port;
    final List<Channel> clients = new CopyOnWriteArrayList<>();
    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    volatile Script script = (client, frame) -> false;

    FakeMesh() {
        int bound = 0;
        while (bound == 0) {
            try {
                // below the ports that the system gives to clients: else one could get it while this server is stopped
                bound = listen(ThreadLocalRandom.current().nextInt(15_000, 32_000));
            } catch (Exception e) {
                if (!(e instanceof BindException)) {
                    throw e;
                }
            }
        }
        port = bound;
    }

    private int listen(int at) {
        server = new ServerBootstrap().group(threads).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        clients.add(client);
                        client.pipeline().addLast(new FrameDecoder(), new FrameEncoder(),
                                new SimpleChannelInboundHandler<Frame>() {
                                    @Override
                                    protected void channelRead0(ChannelHandlerContext context, Frame frame) {
                                        frames.add(frame);
                                        if (!script.received(client, frame)) {
                                            answer(client, frame);
                                        }
                                    }

                                    @Override
                                    public void channelInactive(ChannelHandlerContext context) {
                                        clients.remove(client);
                                    }

                                    @Override
                                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                                        context.close();
                                    }
                                });
                    }
                }).bind("127.0.0.1", at).syncUninterruptibly().channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** The usual answer: yes. */
    static void answer(Channel client, Frame frame) {
        answer(client, frame, Frame.SUCCESS, "success");
    }

    static void answer(Channel client, Frame frame, int code, String desc) {
        Command command = switch (frame.command()) {
            case HELLO_REQUEST -> Command.HELLO_RESPONSE;
            case HEARTBEAT_REQUEST -> Command.HEARTBEAT_RESPONSE;
            case SUBSCRIBE_REQUEST -> Command.SUBSCRIBE_RESPONSE;
            case UNSUBSCRIBE_REQUEST -> Command.UNSUBSCRIBE_RESPONSE;
            case LISTEN_REQUEST -> Command.LISTEN_RESPONSE;
            case CLIENT_GOODBYE_REQUEST -> Command.CLIENT_GOODBYE_RESPONSE;
            case ASYNC_MESSAGE_TO_SERVER -> Command.ASYNC_MESSAGE_TO_SERVER_ACK;
            default -> null;
        };
        if (command != null) {
            client.writeAndFlush(Frame.answer(command, code, desc, frame.seq()));
        }
    }

    /** Waits for a message of a client and takes it, and those before it, from {@link #frames}. */
    Frame await(Predicate<Frame> which) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        for (long left = DEADLINE.toNanos(); left > 0; left = end - System.nanoTime()) {
            Frame frame = frames.poll(left, TimeUnit.NANOSECONDS);
            if (frame != null && which.test(frame)) {
                return frame;
            }
        }
        throw new AssertionError("the message did not come");
    }

    Frame await(Command command) throws InterruptedException {
        return await(frame -> frame.command() == command);
    }

    /** The connection that came last. */
    Channel client() {
        return clients.get(clients.size() - 1);
    }

    void push(String seq, String id, String data) {
        push(Command.ASYNC_MESSAGE_TO_CLIENT, seq, id, data);
    }

    void push(Command command, String seq, String id, String data) {
        client().writeAndFlush(event(command, seq, id, data));
    }

    void push(Channel client, String seq, String id, String data) {
        client.writeAndFlush(event(Command.ASYNC_MESSAGE_TO_CLIENT, seq, id, data));
    }

    private static Frame event(Command command, String seq, String id, String data) {
        String json = "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"orders\","
                + "\"datacontenttype\":\"application/cloudevents+json\",\"emcdata\":\"text\",\"data\":\"" + data + "\"}";
        return new Frame(command, 0, null, seq, Frame.CLOUDEVENT, json.getBytes(StandardCharsets.UTF_8));
    }

    void push(Frame frame) {
        client().writeAndFlush(frame);
    }

    /** Ends all connections and stops listening. */
    void stop() {
        server.close().syncUninterruptibly();
        clients.forEach(client -> client.close().syncUninterruptibly());
    }

    /** Listens again at the same port, which the closed listener keeps until its thread has looked again. */
    void start() {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            try {
                listen(port);
                return;
            } catch (Exception e) {
                if (!(e instanceof BindException) || System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    MeshSettings settings() {
        return settings(1, 256, Duration.ofSeconds(20), Duration.ofSeconds(20));
    }

    MeshSettings settings(int sessions, int window, Duration ackTimeout, Duration heartbeat) {
        return new MeshSettings("127.0.0.1", port, "g", List.of("orders"), false, sessions, window, ackTimeout, 4 << 20, "PRD",
                "DEFAULT", "emc", "user", "secret", 1000, heartbeat);
    }

    /** Whether all threads of clients and of such servers have ended. */
    static boolean noThreadIsLeft() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .noneMatch(name -> name.startsWith("nioEventLoop") || name.startsWith("emc-mesh"));
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come true in time");
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        stop();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
