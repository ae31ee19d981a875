package dev.emc.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

import org.apache.eventmesh.common.protocol.SubscriptionItem;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

import dev.emc.api.ConnectorRecord;
import dev.emc.wire.Bodies;
import dev.emc.wire.EventCodec;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.Frame;
import dev.emc.wire.FrameDecoder;
import dev.emc.wire.FrameEncoder;

/**
 * A client that does nothing but speak the protocol, with a window of events under way: it fills topics, empties and
 * counts them, and shows what the mesh itself can do.
 */
final class BareClient implements AutoCloseable {

    /** Bytes that go to the network together. */
    private static final int CHUNK = 64 * 1024;
    private static final Payload LINE = Payload.line(0);
    /** Finds the number of a line in an event that isn't parsed. */
    private static final Payload RAW = new Payload(null, null, "\"data\":\"".getBytes(StandardCharsets.US_ASCII));

    private final String host;
    private final int port;
    private final NioEventLoopGroup loop = new NioEventLoopGroup(1);

    BareClient(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** Publishes lines 1 to {@code count}. @return events per second, from the first sent to the last acknowledged */
    double publish(String topic, int count, int bytes, int window) throws Exception {
        return publish(topic, count, Payload.line(bytes), window);
    }

    /** Publishes payloads 1 to {@code count}. @return events per second, from the first sent to the last acknowledged */
    double publish(String topic, int count, Payload payload, int window) throws Exception {
        Publisher publisher = publisher(topic, count, payload, window, mark -> {});
        long nanos = publisher.end.get(10, TimeUnit.MINUTES);
        publisher.context.close();
        return count * 1e9 / nanos;
    }

    /** Publishes lines 1 to {@code count} and keeps the connection. @param marks hears when it is ready, and of its progress */
    void publish(String topic, int count, int bytes, int window, Consumer<String> marks) throws Exception {
        publisher(topic, count, Payload.line(bytes), window, marks).end.get();
    }

    private Publisher publisher(String topic, int count, Payload payload, int window, Consumer<String> marks)
            throws InterruptedException {
        Publisher publisher = new Publisher(topic, count, payload, window, marks);
        connect(publisher).closeFuture().addListener(closed -> publisher.end.completeExceptionally(
                new IllegalStateException("The mesh closed the connection of the publisher.")));
        return publisher;
    }

    /**
     * Takes a topic's events and acknowledges each, until all are there or none has come for so long.
     *
     * @param expected how many different ones there should be
     * @param decode whether to make records of the events, as whoever uses them has to; else only their numbers are looked for
     */
    Drained drain(String topic, String group, int expected, long idleMillis, boolean decode) throws Exception {
        return drain(topic, group, expected, idleMillis, decode ? BareClient::decoded : RAW::number);
    }

    /** As {@link #drain(String, String, int, long, boolean)}, with another payload in the events. */
    Drained drain(String topic, String group, int expected, long idleMillis, Payload payload) throws Exception {
        return drain(topic, group, expected, idleMillis, event -> decoded(event, payload));
    }

    private Drained drain(String topic, String group, int expected, long idleMillis, ToIntFunction<byte[]> number)
            throws Exception {
        Subscriber subscriber = new Subscriber(topic, group, expected, number, mark -> {});
        Channel channel = connect(subscriber);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!subscriber.listening) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("emc-mesh did not let a subscriber in");
            }
            Thread.sleep(10);
        }
        long before = -1;
        while (!subscriber.all && before != subscriber.received) {
            before = subscriber.received;
            for (long waited = 0; waited < idleMillis && !subscriber.all; waited += 10) {
                Thread.sleep(10);
            }
        }
        // its acknowledgements have to be out
        Thread.sleep(100);
        channel.close().sync();
        long nanos = subscriber.last - subscriber.first;
        return new Drained(subscriber.tally.distinct(), subscriber.tally.duplicates(), subscriber.tally.strange(),
                nanos <= 0 ? 0 : subscriber.received * 1e9 / nanos);
    }

    /** Takes a topic's events, makes records of them and acknowledges each, until the process ends. */
    void receive(String topic, String group, int expected, Consumer<String> marks) throws InterruptedException {
        connect(new Subscriber(topic, group, expected, BareClient::decoded, marks));
    }

    /** @param rate events per second */
    record Drained(int distinct, long duplicates, long strange, double rate) {}

    private static int decoded(byte[] event) {
        return decoded(event, LINE);
    }

    private static int decoded(byte[] event, Payload payload) {
        try {
            return payload.number(EventCodec.read(event).data());
        } catch (EventFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private Channel connect(Session session) throws InterruptedException {
        return new Bootstrap().group(loop).channel(NioSocketChannel.class).option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new FrameDecoder(), session);
                    }
                }).connect(host, port).sync().channel();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private abstract static class Session extends SimpleChannelInboundHandler<Frame> {

        private final String purpose;
        private final String group;
        ChannelHandlerContext context;
        private ByteBuf unsent;

        Session(String purpose, String group) {
            this.purpose = purpose;
            this.group = group;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            this.context = context;
            UserAgent agent = UserAgent.builder().env("PRD").subsystem("bench").path("/").idc("DEFAULT").host("127.0.0.1")
                    .port(0).pid((int) ProcessHandle.current().pid()).version("1.0").username("").password("").group(group)
                    .purpose(purpose).build();
            request(Command.HELLO_REQUEST, Bodies.write(agent));
        }

        void request(Command command, byte[] body) {
            send(Frame.of(command, command.name(), body));
            flush();
        }

        /** Adds to what the next flush sends: one write to the network for many frames. */
        void send(Frame frame) {
            if (unsent == null) {
                unsent = context.alloc().ioBuffer(CHUNK);
            }
            FrameEncoder.write(frame, unsent);
            if (unsent.readableBytes() >= CHUNK) {
                flush();
            }
        }

        void flush() {
            if (unsent != null) {
                context.writeAndFlush(unsent, context.voidPromise());
                unsent = null;
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, Frame frame) {
            if (frame.code() != Frame.SUCCESS) {
                fail(new IllegalStateException("The mesh answered: " + frame));
            } else if (frame.command() == Command.HELLO_RESPONSE) {
                ready();
            } else {
                received(frame);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
            context.close();
        }

        abstract void ready();

        abstract void received(Frame frame);

        void fail(Throwable cause) {
            cause.printStackTrace();
        }
    }

    private static final class Publisher extends Session {

        private static final String FILE = "64512-1837060-";
        private static final String FINGERPRINT = "-0f1e2d3c4b5a6978";
        private static final String PATH = "/var/log/orders/orders.log";

        final CompletableFuture<Long> end = new CompletableFuture<>();
        private final String topic;
        private final int count;
        private final int window;
        private final Consumer<String> marks;
        private final Payload payload;
        private int sent;
        private int accepted;
        private long start;

        Publisher(String topic, int count, Payload payload, int window, Consumer<String> marks) {
            super("pub", "bench-fill");
            this.marks = marks;
            this.payload = payload;
            this.topic = topic;
            this.count = count;
            this.window = window;
        }

        @Override
        void ready() {
            marks.accept("ready");
            start = System.nanoTime();
            if (count == 0) {
                end.complete(0L);
            }
            fill();
            flush();
        }

        @Override
        void received(Frame frame) {
            if (frame.command() != Command.ASYNC_MESSAGE_TO_SERVER_ACK) {
                return;
            }
            Marks.done(++accepted, count, marks);
            if (accepted == count) {
                end.complete(System.nanoTime() - start);
            }
            fill();
        }

        private void fill() {
            while (sent < count && sent - accepted < window) {
                sent++;
                send(Frame.event(Command.ASYNC_MESSAGE_TO_SERVER, Integer.toString(sent), event()));
            }
        }

        /** As emc's file source makes it, with as many attributes that are about as long, and the payload as text. */
        private byte[] event() {
            String at = Long.toString((long) sent << 10);
            try {
                return EventCodec.write(ConnectorRecord.builder().attribute("id", FILE + at + FINGERPRINT)
                        .attribute("source", "file://" + PATH).attribute("type", "dev.emc.file.line")
                        .attribute("filepath", PATH).attribute("fileoffset", at).data(payload.make().apply(sent))
                        .contentType(payload.contentType())
                        .build(), topic);
            } catch (EventFormatException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        void fail(Throwable cause) {
            end.completeExceptionally(cause);
        }
    }

    private static final class Subscriber extends Session {

        final Tally tally = new Tally();
        volatile long received;
        volatile boolean listening;
        volatile boolean all;
        volatile long first;
        volatile long last;
        private final String topic;
        private final int expected;
        private final ToIntFunction<byte[]> number;
        private final Consumer<String> marks;

        Subscriber(String topic, String group, int expected, ToIntFunction<byte[]> number, Consumer<String> marks) {
            super("sub", group);
            this.marks = marks;
            this.number = number;
            this.topic = topic;
            this.expected = expected;
        }

        @Override
        void ready() {
            request(Command.SUBSCRIBE_REQUEST, Bodies.write(
                    List.of(new SubscriptionItem(topic, SubscriptionMode.CLUSTERING, SubscriptionType.ASYNC))));
        }

        @Override
        void received(Frame frame) {
            if (frame.command() == Command.SUBSCRIBE_RESPONSE) {
                request(Command.LISTEN_REQUEST, new byte[0]);
            } else if (frame.command() == Command.LISTEN_RESPONSE) {
                listening = true;
                marks.accept("ready");
            } else if (frame.command() == Command.ASYNC_MESSAGE_TO_CLIENT) {
                last = System.nanoTime();
                if (received == 0) {
                    first = last;
                }
                received++;
                tally.add(number.applyAsInt(frame.body()));
                send(Frame.of(Command.ASYNC_MESSAGE_TO_CLIENT_ACK, frame.seq()));
                Marks.done(tally.distinct(), expected, marks);
                all = expected > 0 && tally.distinct() == expected;
            }
        }
    }
}
