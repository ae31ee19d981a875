package dev.emc.meshserver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.eventmesh.common.protocol.SubscriptionItem;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

import dev.emc.wire.Bodies;
import dev.emc.wire.Frame;
import dev.emc.wire.FrameDecoder;
import dev.emc.wire.FrameEncoder;

/** A client that does what a test tells it, and nothing by itself. */
final class TestClient implements AutoCloseable {

    static final long WAIT_SECONDS = 30;

    private static final NioEventLoopGroup THREADS = new NioEventLoopGroup(1);
    private static final AtomicLong SEQ = new AtomicLong();

    final BlockingQueue<Frame> pushed = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame> others = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<Frame>> answers = new ConcurrentHashMap<>();
    private final Channel channel;

    private TestClient(int port) throws Exception {
        channel = new Bootstrap().group(THREADS).channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new FrameDecoder(), new FrameEncoder(), new Reader());
                    }
                }).connect("127.0.0.1", port).sync().channel();
    }

    /** Connects without a hello. */
    static TestClient connect(int port) throws Exception {
        return new TestClient(port);
    }

    static TestClient publisher(int port) throws Exception {
        TestClient client = connect(port);
        client.hello("test", "pub");
        return client;
    }

    /** Connects, says hello, subscribes in clustering mode and listens. */
    static TestClient subscriber(int port, String group, String... topics) throws Exception {
        return subscriber(port, group, SubscriptionMode.CLUSTERING, topics);
    }

    static TestClient subscriber(int port, String group, SubscriptionMode mode, String... topics) throws Exception {
        TestClient client = connect(port);
        client.hello(group, "sub");
        client.subscribe(mode, topics);
        client.request(Command.LISTEN_REQUEST, null);
        return client;
    }

    Frame hello(String group, String purpose) throws Exception {
        UserAgent agent = new UserAgent();
        agent.setVersion("1.0");
        agent.setGroup(group);
        agent.setPurpose(purpose);
        return request(Command.HELLO_REQUEST, Bodies.write(agent));
    }

    Frame subscribe(SubscriptionMode mode, String... topics) throws Exception {
        List<SubscriptionItem> items = new ArrayList<>();
        for (String topic : topics) {
            items.add(new SubscriptionItem(topic, mode, SubscriptionType.ASYNC));
        }
        return request(Command.SUBSCRIBE_REQUEST, Bodies.write(items));
    }

    /** Sends a request and waits for its answer. */
    Frame request(Command command, byte[] body) throws Exception {
        return send(new Frame(command, 0, null, seq(), Map.of(), body)).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    static String seq() {
        return Long.toString(SEQ.incrementAndGet());
    }

    CompletableFuture<Frame> send(Frame frame) {
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        answers.put(frame.seq(), answer);
        channel.writeAndFlush(frame);
        return answer;
    }

    CompletableFuture<Frame> publishLater(byte[] event) {
        return send(Frame.event(Command.ASYNC_MESSAGE_TO_SERVER, seq(), event));
    }

    CompletableFuture<Frame> publishLater(String topic, String data) {
        return publishLater(event(topic, data));
    }

    Frame publish(String topic, String data) throws Exception {
        return publishLater(topic, data).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** An event whose data is a string. */
    static byte[] event(String topic, String data) {
        return ("{\"specversion\":\"1.0\",\"id\":\"" + data + "\",\"source\":\"/test\",\"type\":\"t\",\"subject\":\"" + topic
                + "\",\"datacontenttype\":\"application/cloudevents+json\",\"data\":\"" + data + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The data of a push of {@link #event}. */
    static String data(Frame push) {
        String text = new String(push.body(), StandardCharsets.UTF_8);
        int start = text.indexOf("\"data\":\"") + 8;
        return text.substring(start, text.indexOf('"', start));
    }

    /** Waits for the next push. */
    Frame take() throws InterruptedException {
        Frame frame = pushed.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("No event came in " + WAIT_SECONDS + " s");
        }
        return frame;
    }

    /** Waits for so many pushes and acknowledges them. @return their data */
    List<String> receive(int count) throws InterruptedException {
        List<String> data = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Frame push = take();
            acknowledge(push);
            data.add(data(push));
        }
        return data;
    }

    /** Waits for so many pushes without acknowledging them. */
    List<Frame> hold(int count) throws InterruptedException {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(take());
        }
        return frames;
    }

    void acknowledge(Frame push) {
        Command ack = push.command() == Command.BROADCAST_MESSAGE_TO_CLIENT
                ? Command.BROADCAST_MESSAGE_TO_CLIENT_ACK
                : Command.ASYNC_MESSAGE_TO_CLIENT_ACK;
        channel.writeAndFlush(Frame.of(ack, push.seq()));
    }

    /** Reads no more from the network, or reads again. */
    void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    boolean connected() {
        return channel.isActive();
    }

    /** Waits until the server has ended the connection. */
    void awaitClosed() throws Exception {
        if (!channel.closeFuture().await(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The connection was not closed in " + WAIT_SECONDS + " s");
        }
    }

    /** Disconnects without a goodbye. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    private final class Reader extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Frame frame = (Frame) message;
            switch (frame.command()) {
                case ASYNC_MESSAGE_TO_CLIENT, BROADCAST_MESSAGE_TO_CLIENT -> pushed.add(frame);
                default -> {
                    CompletableFuture<Frame> answer = frame.seq() == null ? null : answers.remove(frame.seq());
                    if (answer == null) {
                        others.add(frame);
                    } else {
                        answer.complete(frame);
                    }
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
