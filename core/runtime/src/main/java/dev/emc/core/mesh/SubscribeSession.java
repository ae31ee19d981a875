package dev.emc.core.mesh;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.eventmesh.common.protocol.SubscriptionItem;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.jboss.logging.Logger;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.core.engine.MeshSubscriber.Delivery;
import dev.emc.core.engine.MeshSubscriber.Receiver;
import dev.emc.wire.Bodies;
import dev.emc.wire.EventCodec;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.Frame;

/** One connection to receive by. */
final class SubscribeSession extends MeshSession {

    private static final Logger LOG = Logger.getLogger(SubscribeSession.class);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /** Servers give no event again that was held for longer when its session ends. */
    private static final int GUARANTEED_SECONDS = 3;
    /** So many events are handed over together at the most. */
    private static final int TOGETHER = 64;
    private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);

    private final Receiver receiver;
    private boolean paused;
    private volatile boolean stopped;
    private volatile Acknowledgements acknowledgements;
    /** Event loop only, as all below: what the last event's message was like, which was as it should be. */
    private Frame sound;
    private boolean warned;
    private long lastWarning;

    SubscribeSession(MeshSettings settings, Receiver receiver) {
        super(settings, "sub", settings.unacked());
        this.receiver = receiver;
    }

    @Override
    void establish(Link fresh) throws ConnectorException, IOException, InterruptedException {
        acknowledgements = new Acknowledgements(fresh);
        SubscriptionMode mode = settings.broadcasting() ? SubscriptionMode.BROADCASTING : SubscriptionMode.CLUSTERING;
        for (String topic : settings.topics()) {
            byte[] body = Bodies.write(List.of(new SubscriptionItem(topic, mode, SubscriptionType.ASYNC)));
            subscribed(fresh.request(Command.SUBSCRIBE_REQUEST, Command.SUBSCRIBE_RESPONSE, body, ANSWER), topic);
        }
        check(fresh.request(Command.LISTEN_REQUEST, Command.LISTEN_RESPONSE, new byte[0], ANSWER), "to send events");
    }

    /** With some stores a topic comes into being with its first event only, so that a refusal may be over soon. */
    private void subscribed(Frame answer, String topic) throws ConnectorException, NotYet {
        if (answer.code() == Frame.FAIL && !Overload.is(answer)) {
            throw new NotYet("The mesh at " + settings.address() + " refuses the subscription to topic '" + topic + "': "
                    + (answer.desc() == null ? "code 1" : answer.desc())
                    + " (create the topic or publish to it first, or check mesh.topic, mesh.group and the server's access"
                    + " rules).");
        }
        check(answer, "the subscription to topic '" + topic + "'");
    }

    @Override
    synchronized void up(Link fresh) {
        fresh.pause(paused);
        Acknowledgements pending = acknowledgements;
        fresh.channel().eventLoop().scheduleAtFixedRate(() -> lookWhetherHeld(pending), 1, 1, TimeUnit.SECONDS);
    }

    /** Once a second, on the event loop. */
    private void lookWhetherHeld(Acknowledgements pending) {
        long now = System.nanoTime();
        if (pending.heldTooLong() && (!warned || now - lastWarning > WARN_EVERY)) {
            warned = true;
            lastWarning = now;
            LOG.warnf("Events wait for more than %d s here until the target has them; a real EventMesh may not give them"
                    + " again if this sink dies meanwhile: see to the target, or make batches smaller"
                    + " (batch.max-records, batch.linger, in-flight.max-records).", GUARANTEED_SECONDS);
        }
    }

    @Override
    boolean wanted() {
        return super.wanted() && !stopped;
    }

    @Override
    public boolean pushed(Link from, Frame like, String seq, byte[] body, int length) {
        if (like != sound) {
            if (problem(like) != null) {
                return false;
            }
            sound = like;
        }
        if (!stopped) {
            try {
                arrived(EventCodec.read(body, length), answer(like.command()), seq);
            } catch (EventFormatException e) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void received(Link from, Frame frame) {
        Command answer = answer(frame.command());
        if (answer == null || stopped) {
            // not acknowledged: the mesh delivers it to another subscriber, or to us next time
            return;
        }
        String problem = problem(frame);
        if (problem == null && frame.body().length == 0) {
            problem = "The mesh pushed an event without any content.";
        }
        if (problem == null) {
            try {
                arrived(EventCodec.read(frame.body()), answer, frame.seq());
                return;
            } catch (EventFormatException e) {
                problem = e.getMessage();
            }
        }
        Acknowledgements pending = acknowledgements;
        pending.pushed++;
        handOver(pending);
        receiver.unreadable(problem, frame.body(), () -> pending.add(answer, frame.seq()));
    }

    /** What acknowledges a message; null when it is no event. */
    private static Command answer(Command command) {
        return switch (command) {
            case ASYNC_MESSAGE_TO_CLIENT -> Command.ASYNC_MESSAGE_TO_CLIENT_ACK;
            case BROADCAST_MESSAGE_TO_CLIENT -> Command.BROADCAST_MESSAGE_TO_CLIENT_ACK;
            default -> null;
        };
    }

    private void arrived(ConnectorRecord record, Command answer, String seq) {
        Acknowledgements pending = acknowledgements;
        pending.pushed++;
        pending.arrived.add(new Pushed(record, pending, answer, seq));
        if (pending.arrived.size() >= TOGETHER) {
            handOver(pending);
        }
    }

    private void handOver(Acknowledgements pending) {
        if (!pending.arrived.isEmpty()) {
            receiver.received(pending.arrived);
            pending.arrived.clear();
        }
    }

    private static String problem(Frame frame) {
        if (frame.code() != Frame.SUCCESS) {
            return "The mesh pushed code " + frame.code() + (frame.desc() == null ? "" : " (" + frame.desc() + ")")
                    + " instead of an event: it could not pass on what was published.";
        }
        String type = frame.properties().get(Frame.PROTOCOL_TYPE);
        if (type != null && !type.equals("cloudevents")) {
            return "The mesh pushed a message of protocol '" + type + "', and only CloudEvents are understood.";
        }
        return null;
    }

    @Override
    public void receivedAll(Link from) {
        Acknowledgements pending = acknowledgements;
        if (pending != null) {
            handOver(pending);
            pending.send();
        }
    }

    synchronized void pause(boolean pause) {
        paused = pause;
        Link now = link;
        if (now != null) {
            now.pause(pause);
        }
    }

    void stopIntake() {
        stopped = true;
        Link now = link;
        if (now != null && now.active()) {
            now.channel().writeAndFlush(Frame.of(Command.UNSUBSCRIBE_REQUEST, "u" + now.prefix()));
        }
    }

    @Override
    void close() {
        stopped = true;
        Acknowledgements pending = acknowledgements;
        if (pending != null) {
            pending.flush();
        }
        super.close();
    }

    private record Pushed(ConnectorRecord record, Acknowledgements pending, Command answer, String seq)
            implements
                Delivery {
        /** Nearly always: without making an object for it. */
        @Override
        public void acknowledge() {
            pending.add(answer, seq);
        }

        @Override
        public Runnable acknowledgement() {
            return new Acknowledgement(pending, answer, seq);
        }
    }

    private record Acknowledgement(Acknowledgements pending, Command answer, String seq) implements Runnable {
        @Override
        public void run() {
            pending.add(answer, seq);
        }
    }

    /**
     * What came by one link and is to be handed over, and the acknowledgements that are to go out on it; many with one write to
     * the network.
     */
    private static final class Acknowledgements {

        private final Link link;
        private final Queue<Frame> queue = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean awake = new AtomicBoolean();

        /** Event loop only, as all below. */
        private final List<Delivery> arrived = new ArrayList<>(TOGETHER);
        /** Events that came, and how many there were at each of the last seconds. */
        private long pushed;
        private final long[] pushedBy = new long[GUARANTEED_SECONDS];
        private int second;
        private long acknowledged;
        private boolean held;

        Acknowledgements(Link link) {
            this.link = link;
        }

        /** Any thread. Without effect when the link is gone: the mesh delivers again then. */
        void add(Command command, String seq) {
            if (seq == null || !link.active()) {
                return;
            }
            queue.add(Frame.of(command, seq));
            flush();
        }

        /** Any thread. */
        void flush() {
            if (awake.compareAndSet(false, true)) {
                try {
                    link.channel().eventLoop().execute(this::send);
                } catch (RejectedExecutionException e) {
                    // the link is closed
                    queue.clear();
                }
            }
        }

        /** Event loop. */
        void send() {
            awake.set(false);
            long before = acknowledged;
            for (Frame frame = queue.poll(); frame != null; frame = queue.poll()) {
                link.write(frame);
                acknowledged++;
            }
            if (acknowledged > before) {
                link.flush();
            }
        }

        /**
         * Called once a second.
         *
         * @return whether events are held for longer than the server's guarantee lasts, and a second ago none were
         */
        boolean heldTooLong() {
            boolean before = held;
            held = pushedBy[second] > acknowledged;
            pushedBy[second] = pushed;
            second = (second + 1) % GUARANTEED_SECONDS;
            return held && !before;
        }
    }
}
