package dev.emc.meshserver;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.eventmesh.common.protocol.SubscriptionItem;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.RedirectInfo;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;

import dev.emc.wire.Bodies;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.Frame;

/** One client's TCP connection: takes its requests to the broker and the broker's pushes and answers to it. */
final class Connection extends ChannelInboundHandlerAdapter implements Client {

    private static final String NO_SESSION = "no session is found: say hello first";
    private static final String NOT_SUPPORTED = "emc-mesh has no request/reply, only asynchronous and broadcast events";

    private static final long PROBE_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final MeshServer server;
    private final Broker broker;
    private final Imitation imitation;
    private final MeshServerConfig config;
    private Channel channel;
    private String name;
    private Session session;
    private boolean publisher;
    private boolean paused;
    private boolean flushQueued;
    private long lastHeard = System.nanoTime();
    private long lastProbe = lastHeard;
    private Publish heldBack;
    private String heldTopic;
    private long second;
    private int inThisSecond;

    Connection(MeshServer server) {
        this.server = server;
        this.broker = server.broker();
        this.imitation = server.imitation();
        this.config = server.config();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        name = remote.getAddress().getHostAddress() + ":" + remote.getPort();
        server.add(this);
        read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        server.remove(this);
        if (session != null) {
            broker.close(session);
            server.settle();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Frame frame = (Frame) message;
        if (frame.command() == Command.HEARTBEAT_REQUEST || !imitation.does(Quirk.HEARTBEATS_ONLY)) {
            lastHeard = System.nanoTime();
        }
        if (session == null && frame.command() != Command.HELLO_REQUEST) {
            Command response = response(frame.command());
            if (response != null) {
                answer(response, Frame.FAIL, NO_SESSION, frame);
            }
            return;
        }
        switch (frame.command()) {
            case HELLO_REQUEST -> hello(frame);
            case HEARTBEAT_REQUEST, UNSUBSCRIBE_REQUEST, LISTEN_REQUEST -> control(frame);
            case SUBSCRIBE_REQUEST -> subscribe(frame);
            case ASYNC_MESSAGE_TO_SERVER, BROADCAST_MESSAGE_TO_SERVER -> publish(frame);
            case ASYNC_MESSAGE_TO_CLIENT_ACK, BROADCAST_MESSAGE_TO_CLIENT_ACK -> acknowledge(frame);
            case CLIENT_GOODBYE_REQUEST -> goodbye(frame);
            default -> {
                Command response = response(frame.command());
                if (response != null) {
                    answer(response, Frame.FAIL, NOT_SUPPORTED, frame);
                }
            }
        }
    }

    /** What a request is answered with; null when it gets no answer. */
    private static Command response(Command request) {
        return switch (request) {
            case HELLO_REQUEST -> Command.HELLO_RESPONSE;
            case HEARTBEAT_REQUEST -> Command.HEARTBEAT_RESPONSE;
            case CLIENT_GOODBYE_REQUEST -> Command.CLIENT_GOODBYE_RESPONSE;
            case SUBSCRIBE_REQUEST -> Command.SUBSCRIBE_RESPONSE;
            case UNSUBSCRIBE_REQUEST -> Command.UNSUBSCRIBE_RESPONSE;
            case LISTEN_REQUEST -> Command.LISTEN_RESPONSE;
            case REQUEST_TO_SERVER -> Command.RESPONSE_TO_CLIENT;
            case ASYNC_MESSAGE_TO_SERVER -> Command.ASYNC_MESSAGE_TO_SERVER_ACK;
            case BROADCAST_MESSAGE_TO_SERVER -> Command.BROADCAST_MESSAGE_TO_SERVER_ACK;
            case REGISTER_REQUEST -> Command.REGISTER_RESPONSE;
            case UNREGISTER_REQUEST -> Command.UNREGISTER_RESPONSE;
            case RECOMMEND_REQUEST -> Command.RECOMMEND_RESPONSE;
            default -> null;
        };
    }

    private void hello(Frame frame) {
        String problem;
        try {
            problem = session != null ? "this connection has said hello already" : open(Bodies.userAgent(frame.body()));
        } catch (EventFormatException e) {
            problem = e.getMessage();
        }
        if (problem == null) {
            answer(Command.HELLO_RESPONSE, Frame.SUCCESS, "success", frame);
        } else {
            server.refused(name, "hello", problem);
            channel.writeAndFlush(Frame.answer(Command.HELLO_RESPONSE, Frame.FAIL, problem, frame.seq()))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** @return null, or why not: a phrase */
    private String open(UserAgent agent) {
        if (blank(agent.getVersion()) || blank(agent.getGroup()) || blank(agent.getPurpose())) {
            return "the client has to name its version, group and purpose";
        }
        publisher = agent.getPurpose().equals("pub");
        if (!publisher && !agent.getPurpose().equals("sub")) {
            return "the purpose of a client is pub or sub, not '" + agent.getPurpose() + "'";
        }
        int wanted = agent.getUnack();
        session = broker.open(this, agent.getGroup(), wanted > 0 ? Math.min(wanted, config.window) : config.window);
        return null;
    }

    private static boolean blank(String text) {
        return text == null || text.isBlank();
    }

    private void control(Frame frame) {
        Command response = response(frame.command());
        if (frame.command() == Command.LISTEN_REQUEST) {
            if (publisher) {
                answer(response, Frame.FAIL, "a client with purpose pub can't listen", frame);
                return;
            }
            broker.listen(session);
        } else if (frame.command() == Command.UNSUBSCRIBE_REQUEST) {
            broker.unsubscribe(session);
        }
        answer(response, Frame.SUCCESS, "success", frame);
    }

    private void subscribe(Frame frame) {
        String problem;
        try {
            problem = publisher
                    ? "a client with purpose pub can't subscribe"
                    : subscribe(frame, Bodies.subscription(frame.body()));
        } catch (EventFormatException e) {
            problem = e.getMessage();
        }
        if (problem != null) {
            server.refused(name, "subscription", problem);
            answer(Command.SUBSCRIBE_RESPONSE, Frame.FAIL, problem, frame);
        }
    }

    private String subscribe(Frame frame, List<SubscriptionItem> items) {
        if (items.isEmpty()) {
            return "a subscription names no topic";
        }
        for (SubscriptionItem item : items) {
            if (item.getType() == SubscriptionType.SYNC) {
                return NOT_SUPPORTED;
            }
            if (item.getMode() == SubscriptionMode.UNRECOGNIZED) {
                return "the mode of a subscription is CLUSTERING or BROADCASTING";
            }
        }
        int[] open = {items.size()};
        for (SubscriptionItem item : items) {
            boolean broadcast = item.getMode() == SubscriptionMode.BROADCASTING;
            String problem = broker.subscribe(session, item.getTopic(), broadcast, () -> {
                if (--open[0] == 0) {
                    answer(Command.SUBSCRIBE_RESPONSE, Frame.SUCCESS, "success", frame);
                }
            });
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private void publish(Frame frame) {
        Publish publish = new Publish(session, frame.seq(), frame.body(),
                frame.command() == Command.BROADCAST_MESSAGE_TO_SERVER);
        if (imitation.does(Quirk.SEND_TOO_FAST) && tooFast()) {
            refused(publish, Frame.TPS_OVERLOAD, "SEND_TOO_FAST");
            return;
        }
        EventScanner scanner = server.scanner();
        String problem = null;
        if (subscribed()) {
            // it would no longer be read when it has to wait, and its acknowledgements with it
            problem = "a client that has subscribed can't publish by the same connection";
        } else if (!"cloudevents".equals(frame.properties().get(Frame.PROTOCOL_TYPE))) {
            problem = "emc-mesh takes events with the property protocoltype=cloudevents only";
        } else if (publish.event().length > config.maxEventSize) {
            // the words of real servers, by which clients know that it is of no use to try again
            problem = "event size exceeds the limit: " + config.maxEventSize + " bytes, and the event has "
                    + publish.event().length + " (see --max-event-size)";
        } else if (!scanner.scan(publish.event())) {
            problem = scanner.problem();
        } else if (imitation.tooLong(publish.event())) {
            problem = "java.lang.Exception: event size exceeds the limit: " + Imitation.SMALL_EVENT;
        }
        if (problem != null) {
            server.refused(name, "event", problem);
            refused(publish, Frame.FAIL, problem);
        } else if (heldBack == null && imitation.holdsBack()) {
            heldBack = publish;
            heldTopic = scanner.topic();
        } else {
            broker.publish(publish, scanner.topic());
            release();
        }
    }

    private boolean subscribed() {
        return session != null && !session.groups.isEmpty();
    }

    private void release() {
        if (heldBack != null) {
            broker.publish(heldBack, heldTopic);
            heldBack = null;
        }
    }

    private boolean tooFast() {
        long now = System.nanoTime() / 1_000_000_000;
        if (now != second) {
            second = now;
            inThisSecond = 0;
        }
        return ++inThisSecond > config.tooFastRate;
    }

    private void acknowledge(Frame frame) {
        long seq;
        try {
            seq = Long.parseLong(frame.seq());
        } catch (NumberFormatException e) {
            return;
        }
        broker.acknowledge(session, seq);
    }

    private void goodbye(Frame frame) {
        broker.close(session);
        session = null;
        answer(Command.CLIENT_GOODBYE_RESPONSE, Frame.SUCCESS, "success", frame).addListener(ChannelFutureListener.CLOSE);
    }

    private ChannelFuture answer(Command command, int code, String desc, Frame request) {
        return write(Frame.answer(command, code, desc, request.seq()));
    }

    private ChannelFuture write(Frame frame) {
        if (!flushQueued) {
            flushQueued = true;
            server.flushLater(this);
        }
        return channel.write(frame);
    }

    void flush() {
        flushQueued = false;
        channel.flush();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        release();
        server.settle();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        refresh();
    }

    /** Whether it can be written to, or the server reads, may have changed. */
    void refresh() {
        read();
        if (session != null && writable()) {
            broker.writable(session);
            server.settleLater();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException) {
            server.refused(name, "connection", cause.getMessage());
        }
        context.close();
    }

    @Override
    public boolean writable() {
        return channel.isWritable() && !server.frozen();
    }

    @Override
    public void push(long seq, byte[] event, boolean broadcast) {
        Command command = broadcast ? Command.BROADCAST_MESSAGE_TO_CLIENT : Command.ASYNC_MESSAGE_TO_CLIENT;
        write(imitation.push(command, Long.toString(seq), event));
    }

    @Override
    public void accepted(Publish publish) {
        Frame answer = imitation.accepted(answerTo(publish), publish.seq());
        if (answer == null) {
            return;
        }
        if (imitation.misroutes()) {
            Connection other = server.otherPublisher(this);
            if (other != null) {
                other.write(answer);
            }
            return;
        }
        write(answer);
    }

    boolean publisher() {
        return publisher && session != null;
    }

    @Override
    public void refused(Publish publish, int code, String reason) {
        write(Frame.answer(answerTo(publish), code, reason, publish.seq()));
    }

    private static Command answerTo(Publish publish) {
        return publish.broadcast() ? Command.BROADCAST_MESSAGE_TO_SERVER_ACK : Command.ASYNC_MESSAGE_TO_SERVER_ACK;
    }

    @Override
    public void pause() {
        paused = true;
        read();
    }

    @Override
    public void resume() {
        paused = false;
        read();
    }

    /** Reads, or stops: a publisher that doesn't take its answers is not listened to either. */
    void read() {
        boolean on = !paused && server.reading() && (subscribed() || channel.isWritable());
        if (on && !channel.config().isAutoRead()) {
            lastHeard = System.nanoTime();
        }
        channel.config().setAutoRead(on);
    }

    /** Ends a connection whose client has not been heard for too long. */
    void checkAlive(long now) {
        if (!channel.config().isAutoRead()) {
            lastHeard = now;
            probe(now);
        } else if (now - lastHeard > config.idleTimeout.toNanos()) {
            server.refused(name, "connection", "nothing was heard from it for " + config.idleTimeout.toSeconds() + " s");
            channel.close();
        }
    }

    /**
     * While nothing is read, a publisher that has gone away is noticed by writing only. It also hears that the server is
     * alive, although its heartbeats are not answered.
     */
    private void probe(long now) {
        if (paused && now - lastProbe > PROBE_EVERY) {
            lastProbe = now;
            write(Frame.of(Command.HEARTBEAT_RESPONSE, "0"));
        }
    }

    /** Tells the client that the server ends the session, and ends it. */
    void sayGoodbye() {
        channel.writeAndFlush(Frame.answer(Command.SERVER_GOODBYE_REQUEST, Frame.SUCCESS, "the server ends the session", null))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Sends the client to another server. */
    void redirect(RedirectInfo to) {
        channel.writeAndFlush(Frame.of(Command.REDIRECT_TO_CLIENT, null, Bodies.write(to)));
    }

    /** Ends the connection without a word. */
    void drop() {
        channel.close();
    }

    @Override
    public String name() {
        return name;
    }
}
