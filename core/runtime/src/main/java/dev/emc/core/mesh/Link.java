package dev.emc.core.mesh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.eventmesh.client.tcp.common.TcpClient;
import org.apache.eventmesh.client.tcp.conf.EventMeshTCPClientConfig;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.Package;
import org.apache.eventmesh.common.protocol.tcp.RedirectInfo;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;
import org.apache.eventmesh.common.protocol.tcp.codec.Codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.DecoderException;

import dev.emc.wire.Bodies;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.Frame;
import dev.emc.wire.FrameDecoder;
import dev.emc.wire.FrameEncoder;
import dev.emc.wire.JsonBuffer;

/**
 * One connection to the mesh, from connecting to closing; a new connection is a new link. It extends the SDK's client
 * for its way to connect, but replaces the SDK's codec (which reads a header again at each partial read and has no
 * limit) and uses none of its blocking calls.
 */
final class Link extends TcpClient {

    /** Heartbeats without any sign of life after which the server counts as gone. */
    private static final int MISSED_HEARTBEATS = 2;

    /**
     * Bytes that wait to go out: sending stops at the second and goes on at the first. What waits here goes out even when this
     * process is stopped, loses its lease and is continued; so it isn't more than keeps the network busy.
     */
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    /** Bytes of messages that go to the network together: the server works on them while the next ones are written. */
    private static final int CHUNK = 16 * 1024;
    private static final int SPARE = 4 * 1024;
    /** So many digits are no overflow. */
    private static final int LONGEST_NUMBER = 18;

    static {
        // the SDK makes an event loop group for each connection, and one thread is what a connection can use
        if (System.getProperty("io.netty.eventLoopThreads") == null) {
            System.setProperty("io.netty.eventLoopThreads", "1");
        }
    }

    /** What a session wants to hear of its link. All calls come on the link's event loop. */
    interface Listener {

        /** A message that is not about the connection itself. */
        void received(Link link, Frame frame);

        /**
         * The server has taken the message of this number, which was written with {@link Link#prefixBytes}.
         *
         * @return false to get the answer as a message
         */
        default boolean accepted(Link link, long number) {
            return false;
        }

        /**
         * The server has sent an event.
         *
         * @param like its message but for the sequence number and the body; the same object as long as nothing else changes
         * @param body begins with the event; of no use after the return
         * @param length of the event, in bytes
         * @return false to get it as a message
         */
        default boolean pushed(Link link, Frame like, String seq, byte[] body, int length) {
            return false;
        }

        /** All that came at once has been received: the moment to write what that led to. */
        void receivedAll(Link link);

        /** What was sent has gone out as far as that there is room for more. */
        default void writable(Link link) {}

        /** The server asks to go to another server; the link is closed next. */
        void redirected(String host, int port);

        /** The connection is gone, whether or not it was ever in use. Called once. */
        void lost(Link link, String reason);
    }

    private final Listener listener;
    private final Duration heartbeat;
    /**
     * Begins each sequence number. Real servers now and then answer on the wrong connection; so an answer must not fit
     * to the message of another client.
     */
    private final String prefix = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36) + "-";
    private final byte[] prefixBytes = prefix.getBytes(StandardCharsets.US_ASCII);
    private final AtomicLong sequence = new AtomicLong();

    private volatile Channel channel;
    private volatile EventLoopGroup group;
    private volatile Request request;
    private volatile boolean paused;
    private volatile boolean closed;
    /** Why this link is being closed; null before. */
    private volatile String reason;
    /** The other side, or the network, has ended it without a word. */
    private volatile boolean cut;
    /** Event loop only, as all below. */
    private int unanswered;
    private boolean beating;
    /** Messages that were written and not yet flushed, one behind the other: a write each would cost more. */
    private ByteBuf unsent;

    private record Request(Command answer, String seq, CompletableFuture<Frame> future) {}

    Link(String host, int port, UserAgent agent, Duration heartbeat, Listener listener) {
        super(EventMeshTCPClientConfig.builder().host(host).port(port).userAgent(agent).build());
        this.heartbeat = heartbeat;
        this.listener = listener;
    }

    /**
     * Connects; blocks for a second at the most.
     *
     * @throws IOException when the server can't be reached
     */
    void connect() throws IOException, InterruptedException {
        try {
            open(new Handler());
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    Channel channel() {
        return channel;
    }

    /** Whether the connection ended without that this side closed it or the server said goodbye. */
    boolean wasCut() {
        return cut;
    }

    boolean active() {
        Channel now = channel;
        return now != null && now.isActive();
    }

    UserAgent agent() {
        return userAgent;
    }

    String prefix() {
        return prefix;
    }

    /** {@link #prefix} in ASCII; shared. */
    byte[] prefixBytes() {
        return prefixBytes;
    }

    /**
     * Sends a request about the connection and waits for its answer. One at a time.
     *
     * @throws IOException when there is no answer in time or the connection is gone
     */
    Frame request(Command command, Command answer, byte[] body, Duration timeout)
            throws IOException, InterruptedException {
        Request mine = new Request(answer, "c" + prefix + sequence.incrementAndGet(), new CompletableFuture<>());
        request = mine;
        Channel now = channel;
        if (now == null || !now.isActive()) {
            throw new IOException(reason == null ? "the connection is closed" : reason);
        }
        // before it is written: after a goodbye the connection and its thread may be gone at once
        ChannelPromise sent = now.newPromise();
        sent.addListener(written -> {
            if (!written.isSuccess()) {
                mine.future.completeExceptionally(written.cause());
            }
        });
        now.writeAndFlush(Frame.of(command, mine.seq, body), sent);
        try {
            return mine.future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer to " + command + " within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } finally {
            request = null;
        }
    }

    /** Stops or starts reading from the network. Any thread. */
    void pause(boolean pause) {
        paused = pause;
        Channel now = channel;
        if (now != null) {
            now.config().setAutoRead(!pause);
        }
    }

    /** Sends a message, with others at the latest at the next {@link #flush}. Event loop. */
    void write(Frame frame) {
        FrameEncoder.write(frame, unsent());
        handOverIfFull();
    }

    /** {@link #write(Frame)} of a message that is encoded already. Event loop. */
    void write(JsonBuffer message) {
        unsent().writeBytes(message.array(), 0, message.length());
        handOverIfFull();
    }

    private ByteBuf unsent() {
        if (unsent == null) {
            // it goes out with the message that makes it full
            unsent = channel.alloc().ioBuffer(CHUNK + SPARE);
        }
        return unsent;
    }

    private void handOverIfFull() {
        if (unsent.readableBytes() >= CHUNK) {
            handOver();
        }
    }

    /** Sends what was written. Event loop. */
    void flush() {
        if (unsent != null) {
            handOver();
        }
    }

    private void handOver() {
        ByteBuf chunk = unsent;
        unsent = null;
        channel.writeAndFlush(chunk, channel.voidPromise());
    }

    /** Most of what comes. Event loop. */
    private final class Stream implements FrameDecoder.Shortcut {

        @Override
        public boolean acknowledged(byte[] header, int from, int to) {
            long number = number(header, from, to);
            if (number < 0) {
                return false;
            }
            unanswered = 0;
            return listener.accepted(Link.this, number);
        }

        @Override
        public boolean pushed(Frame like, String seq, byte[] body, int length) {
            unanswered = 0;
            return listener.pushed(Link.this, like, seq, body, length);
        }
    }

    /** The number in a sequence of this link; -1 when it is another's. */
    private long number(byte[] text, int from, int to) {
        int start = from + prefixBytes.length;
        if (to <= start || to > start + LONGEST_NUMBER
                || !Arrays.equals(text, from, start, prefixBytes, 0, prefixBytes.length)) {
            return -1;
        }
        long number = 0;
        for (int i = start; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** The number in the sequence of an answer; -1 when it is another's. */
    long number(String seq) {
        if (seq == null) {
            return -1;
        }
        byte[] text = seq.getBytes(StandardCharsets.UTF_8);
        return number(text, 0, text.length);
    }

    /** Begins to send heartbeats. Event loop. */
    void startHeartbeats() {
        if (!beating) {
            beating = true;
            long nanos = heartbeat.toNanos();
            channel.eventLoop().scheduleAtFixedRate(this::beat, nanos, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void beat() {
        if (!channel.isActive()) {
            return;
        }
        if (paused) {
            // answers can't be seen
            unanswered = 0;
        } else if (unanswered >= MISSED_HEARTBEATS) {
            closing("it did not answer " + MISSED_HEARTBEATS + " heartbeats");
            return;
        } else {
            unanswered++;
        }
        channel.writeAndFlush(Frame.of(Command.HEARTBEAT_REQUEST, "h" + prefix + sequence.incrementAndGet()),
                channel.voidPromise());
    }

    /** Closes for a reason that the listener hears. Event loop. */
    void closing(String why) {
        if (reason == null) {
            reason = why;
        }
        channel.close();
    }

    /** Closes at once, without a goodbye. Any thread. */
    @Override
    public void close() {
        closed = true;
        Channel now = channel;
        if (now != null) {
            now.close();
        }
        EventLoopGroup threads = group;
        if (threads != null) {
            threads.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        }
    }

    /** Waits until the thread of a closed link has ended. */
    void awaitClosed(Duration atMost) {
        EventLoopGroup threads = group;
        if (threads != null) {
            threads.terminationFuture().awaitUninterruptibly(atMost.toMillis());
        }
    }

    /** Speaks the protocol as far as it is about the connection itself. */
    private final class Handler extends SimpleChannelInboundHandler<Package> {

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context.channel();
            channel.config().setWriteBufferWaterMark(UNSENT);
            group = channel.eventLoop().parent();
            if (closed) {
                // by another thread, which could not know these two yet
                Link.this.close();
            }
            context.pipeline().replace(Codec.Encoder.class, "encoder", new FrameEncoder());
            context.pipeline().replace(Codec.Decoder.class, "decoder",
                    new FrameDecoder(FrameDecoder.DEFAULT_LIMIT, new Stream()));
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (context.channel().localAddress().equals(context.channel().remoteAddress())) {
                // TCP does that on one machine: the system gave this client the very port at which nobody listens
                closing("nobody listens there");
            }
        }

        /** Everything is a {@link Frame}: the SDK's type parameter is of no use since its codec is replaced. */
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Frame frame = (Frame) message;
            unanswered = 0;
            switch (frame.command()) {
                case HEARTBEAT_RESPONSE -> {
                    if (frame.code() != Frame.SUCCESS) {
                        closing("it has forgotten this session");
                    }
                }
                case HELLO_RESPONSE, SUBSCRIBE_RESPONSE, UNSUBSCRIBE_RESPONSE, LISTEN_RESPONSE, CLIENT_GOODBYE_RESPONSE ->
                    answered(frame);
                case SERVER_GOODBYE_REQUEST -> {
                    listener.receivedAll(Link.this);
                    context.writeAndFlush(Frame.of(Command.SERVER_GOODBYE_RESPONSE, frame.seq()));
                    closing("it said goodbye");
                }
                case REDIRECT_TO_CLIENT -> redirected(frame);
                default -> listener.received(Link.this, frame);
            }
        }

        private void answered(Frame frame) {
            Request open = request;
            if (open != null && open.answer == frame.command() && (frame.seq() == null || frame.seq().equals(open.seq))) {
                open.future.complete(frame);
            }
        }

        private void redirected(Frame frame) {
            try {
                RedirectInfo to = Bodies.redirect(frame.body());
                if (to.getIp() != null && to.getPort() > 0 && to.getPort() < 65536) {
                    listener.redirected(to.getIp(), to.getPort());
                    closing("it redirects to " + to.getIp() + ":" + to.getPort());
                }
            } catch (EventFormatException e) {
                closing("it redirects to nowhere");
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, Package message) {
            throw new IllegalStateException("the SDK's codec is not in use");
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            listener.receivedAll(Link.this);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                listener.writable(Link.this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            cut |= reason == null;
            closing(cause instanceof DecoderException ? "it sent something odd: " + cause.getMessage() : cause.getMessage());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            cut |= reason == null && !closed;
            String why = reason == null ? "it closed the connection" : reason;
            Request open = request;
            if (open != null) {
                open.future.completeExceptionally(new IOException(why));
            }
            listener.lost(Link.this, why);
        }
    }
}
