package dev.emc.core.mesh;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.apache.eventmesh.common.protocol.tcp.Command;

import io.netty.channel.Channel;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.NotConnectedException;
import dev.emc.wire.EventCodec;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.Frame;
import dev.emc.wire.FrameEncoder;
import dev.emc.wire.JsonBuffer;

/**
 * One connection to publish over. Callers add to a queue; the event loop of the connection sends from it while the
 * window is open, many events with one write to the network.
 *
 * <p>Servers lose answers, answer late, and say when they get too much, so that three things can happen to an event
 * without an answer in time:
 * <ul>
 * <li>Later events were answered: its answer is lost, and it has to be sent again.
 * <li>Nothing was answered since: the server is silent, because it or a topic is full. It may well have what it did not
 * answer, and more would make it worse, so that only one event at a time is given up and sent again, at growing
 * intervals, until there is an answer.
 * <li>It was refused as too much: the window shrinks by half, and it is sent again after a pause.
 * </ul>
 */
final class PublishSession extends MeshSession {

    /** What a frame needs besides the event, with room to spare. */
    private static final int FRAME_SHARE = 1024;
    /** So many events wait for a flush at the most. */
    private static final int BURST = 64;
    /** How long to send nothing after the server said that it is too much. */
    private static final long PAUSE_MS = 100;
    private static final Duration AFTER_OVERLOAD = Duration.ofMillis(500);
    /** Longest time between two attempts to get an answer from a silent server. */
    private static final long MAX_PROBE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final long maxEventSize;
    private final Queue<Event> queue = new ConcurrentLinkedQueue<>();
    /** What the queue and the window hold; counted only where there are several sessions to choose from. */
    private final AtomicInteger load = new AtomicInteger();
    private final boolean alone;
    /** Since the last flush, about: threads may overwrite each other's. */
    private int unflushed;
    private final AtomicBoolean awake = new AtomicBoolean();

    /** Event loop of the link only, as all below: what was sent on this link and not yet answered. */
    private final LongObjectMap<Event> window = new LongObjectHashMap<>();
    private final JsonBuffer json = new JsonBuffer();
    /** Refused as too much, to be sent before the queue. */
    private final Deque<Event> refused = new ArrayDeque<>();
    /** Whether anything may be sent; asked for each event. */
    volatile BooleanSupplier permission = () -> true;
    private long sequence;
    /** The latest number that was answered. */
    private long answered;
    private boolean pausing;
    /** Events that may be under way now, and answers since that was changed. */
    private int allowed;
    private int good;
    /** Whether the server answers nothing; then how many events may be sent all the same, and when the next one may. */
    private boolean silent;
    private int probes;
    private long nextProbe;
    private long probeDelay;

    /** An event on its way. */
    private static final class Event {
        final ConnectorRecord record;
        final String topic;
        final Consumer<Exception> done;
        long deadline;
        /** When it was refused as too much for the first time; 0: never. */
        long refusedAt;

        Event(ConnectorRecord record, String topic, Consumer<Exception> done) {
            this.record = record;
            this.topic = topic;
            this.done = done;
        }
    }

    PublishSession(MeshSettings settings) {
        super(settings, "pub", 0);
        maxEventSize = Math.min(settings.maxEventSize(), Frame.MAX_LENGTH - FRAME_SHARE);
        allowed = settings.window();
        alone = settings.sessions() == 1;
    }

    /** Events taken over and not yet done; 0 where this is the only session. */
    int load() {
        return load.get();
    }

    /** Any thread. */
    void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
        if (!alone) {
            load.incrementAndGet();
        }
        queue.add(new Event(record, topic, done));
        if (++unflushed >= BURST) {
            flush();
        }
        if (link == null) {
            // nobody else will empty the queue if the link was lost before the event came into it
            failQueue(problem());
        }
    }

    /** Any thread. */
    void flush() {
        unflushed = 0;
        if (awake.compareAndSet(false, true)) {
            Link now = link;
            if (now == null) {
                awake.set(false);
                failQueue(problem());
                return;
            }
            try {
                now.channel().eventLoop().execute(() -> {
                    awake.set(false);
                    send(now);
                });
            } catch (RejectedExecutionException e) {
                // the link was closed meanwhile
                awake.set(false);
                failQueue("it is closed");
            }
        }
    }

    private void send(Link now) {
        if (now != link) {
            if (link == null) {
                failQueue(problem());
            } else {
                flush();
            }
            return;
        }
        if (pausing) {
            return;
        }
        Channel channel = now.channel();
        boolean wrote = false;
        long deadline = System.nanoTime() + settings.ackTimeout().toNanos();
        // a server that doesn't read must not be sent again and again what it hasn't answered
        while (window.size() < allowed && (!silent || probes > 0) && channel.isWritable()) {
            Event event = refused.isEmpty() ? queue.poll() : refused.poll();
            if (event == null) {
                break;
            }
            if (!permission.getAsBoolean()) {
                done(event, new RetryableException("The event may not be sent now.", new NotConnectedException("not allowed")));
                continue;
            }
            wrote |= write(event, now, deadline);
        }
        if (wrote) {
            now.flush();
        }
    }

    /** @return false when the mesh can't take the event, which is done then */
    private boolean write(Event event, Link now, long deadline) {
        json.clear();
        long number = sequence + 1;
        int start = FrameEncoder.beginEvent(json, Command.ASYNC_MESSAGE_TO_SERVER, now.prefixBytes(), number);
        try {
            EventCodec.write(event.record, event.topic, json);
        } catch (EventFormatException e) {
            done(event, new PermanentException(e.getMessage(), e));
            return false;
        }
        int length = json.length() - start;
        if (length > maxEventSize) {
            done(event, new PermanentException("Event '" + event.record.id() + "' is " + length
                    + " bytes long on the wire, over the limit of " + maxEventSize
                    + " bytes (mesh.max-event-size; EventMesh's protocol ends at 4 MiB)."));
            return false;
        }
        probes = Math.max(0, probes - 1);
        FrameEncoder.endEvent(json, start);
        sequence = number;
        event.deadline = deadline;
        window.put(number, event);
        now.write(json);
        return true;
    }

    @Override
    void up(Link fresh) {
        pausing = false;
        silent = false;
        allowed = settings.window();
        awake.set(false);
        long scan = Math.max(10, settings.ackTimeout().toMillis() / 8);
        fresh.channel().eventLoop().scheduleAtFixedRate(() -> timeOut(fresh), scan, scan, TimeUnit.MILLISECONDS);
        send(fresh);
    }

    @Override
    void down(Link old, String reason) {
        List<Event> underWay = new ArrayList<>(window.values());
        List<Event> waiting = new ArrayList<>(refused);
        window.clear();
        refused.clear();
        for (Event event : underWay) {
            done(event, lost(reason, old.wasCut()));
        }
        for (Event event : waiting) {
            done(event, lost(reason, false));
        }
        failQueue(reason);
    }

    private void failQueue(String reason) {
        for (Event event = queue.poll(); event != null; event = queue.poll()) {
            done(event, lost(reason, false));
        }
    }

    /** @param cut while it was under way, by the other side or the network */
    private RetryableException lost(String reason, boolean cut) {
        return new RetryableException("The connection to the mesh at " + where() + " is lost: " + reason + ".",
                new NotConnectedException(reason, cut));
    }

    private void timeOut(Link now) {
        if (now != link || window.isEmpty()) {
            return;
        }
        long time = System.nanoTime();
        List<Event> lost = new ArrayList<>();
        long oldest = Long.MAX_VALUE;
        for (Iterator<LongObjectMap.PrimitiveEntry<Event>> all = window.entries().iterator(); all.hasNext();) {
            LongObjectMap.PrimitiveEntry<Event> entry = all.next();
            if (time - entry.value().deadline <= 0) {
                continue;
            }
            if (entry.key() < answered) {
                lost.add(entry.value());
                all.remove();
            } else {
                oldest = Math.min(oldest, entry.key());
            }
        }
        lost.forEach(event -> done(event, unanswered(event, null)));
        if (oldest < Long.MAX_VALUE && (!silent || time - nextProbe > 0)) {
            probeDelay = silent ? Math.min(2 * probeDelay, MAX_PROBE_NANOS) : settings.ackTimeout().toNanos();
            nextProbe = time + probeDelay;
            silent = true;
            probes = 1;
            Event event = window.remove(oldest);
            // a server that answers nothing has not judged this record
            done(event, unanswered(event, new NotConnectedException("silent")));
        }
        send(now);
    }

    private RetryableException unanswered(Event event, NotConnectedException cause) {
        return new RetryableException("The mesh at " + where() + " did not answer to event '" + event.record.id()
                + "' within " + settings.ackTimeout().toMillis() + " ms.", cause);
    }

    /** The server has answered, if late or no. */
    private void heard(long number) {
        answered = Math.max(answered, number);
        if (silent) {
            silent = false;
            probes = 0;
            // the answers to what it got before may come now
            long deadline = System.nanoTime() + settings.ackTimeout().toNanos();
            window.values().forEach(event -> event.deadline = deadline);
        }
    }

    @Override
    public boolean accepted(Link from, long number) {
        Event event = from == link ? answered(number) : null;
        if (event != null) {
            grow();
            done(event, null);
        }
        return true;
    }

    @Override
    public void received(Link from, Frame frame) {
        if (frame.command() != Command.ASYNC_MESSAGE_TO_SERVER_ACK || from != link) {
            return;
        }
        Event event = answered(from.number(frame.seq()));
        if (event == null) {
            return;
        }
        if (frame.code() == Frame.SUCCESS) {
            grow();
            done(event, null);
        } else if (Overload.is(frame)) {
            overloaded(event, frame);
        } else {
            done(event, failure(event, frame));
        }
    }

    /** The event of this number, which is under way no more; null when the answer is for another client, or comes too late. */
    private Event answered(long number) {
        if (number < 0 || number > sequence) {
            return null;
        }
        heard(number);
        return window.remove(number);
    }

    /** Lets one more event be under way after each round of answers, up to the setting. */
    private void grow() {
        if (allowed < settings.window() && ++good >= allowed) {
            good = 0;
            allowed++;
        }
    }

    private void overloaded(Event event, Frame answer) {
        if (!pausing) {
            allowed = Math.max(1, Math.min(allowed, window.size() + 1) / 2);
            good = 0;
            pauseSending();
        }
        long time = System.nanoTime();
        event.refusedAt = event.refusedAt == 0 ? time : event.refusedAt;
        if (time - event.refusedAt < settings.ackTimeout().toNanos()) {
            refused.add(event);
        } else {
            done(event, new RetryableException(
                    "The mesh at " + where() + " gets more events than it takes: " + why(answer) + ".",
                    new NotConnectedException("overloaded"),
                    AFTER_OVERLOAD));
        }
    }

    private static String why(Frame answer) {
        return answer.desc() == null ? "code " + answer.code() : answer.desc();
    }

    private Exception failure(Event event, Frame answer) {
        String why = why(answer);
        String lower = why.toLowerCase(Locale.ROOT);
        if (lower.contains("exceed") && lower.contains("limit")) {
            return new PermanentException(
                    "The mesh at " + where() + " takes no event as long as '" + event.record.id() + "', whose data"
                            + " has " + dataLength(event) + " characters (" + why
                            + "): raise eventMesh.server.maxEventSize in the server's configuration.");
        }
        Link now = link;
        if (lower.contains("no session is found") && now != null) {
            now.closing("it has forgotten this session");
        }
        if (answer.code() == Frame.ACL_FAIL) {
            return new PermanentException("The mesh at " + where() + " does not let this client publish: " + why
                    + " (check mesh.username, mesh.password and the server's access rules).");
        }
        return new RetryableException(
                "The mesh at " + where() + " could not take event '" + event.record.id() + "': " + why + ".");
    }

    private static int dataLength(Event event) {
        try {
            return EventCodec.dataLength(EventCodec.write(event.record, event.topic));
        } catch (EventFormatException e) {
            throw new IllegalStateException("it was written before", e);
        }
    }

    private void pauseSending() {
        Link now = link;
        if (now != null) {
            pausing = true;
            now.channel().eventLoop().schedule(() -> {
                pausing = false;
                send(now);
            }, PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void receivedAll(Link from) {
        if (from == link && !(queue.isEmpty() && refused.isEmpty())) {
            send(from);
        }
    }

    @Override
    public void writable(Link from) {
        receivedAll(from);
    }

    private void done(Event event, Exception error) {
        if (!alone) {
            load.decrementAndGet();
        }
        event.done.accept(error);
    }

    @Override
    void close() {
        super.close();
        failQueue("it is closed");
    }
}
