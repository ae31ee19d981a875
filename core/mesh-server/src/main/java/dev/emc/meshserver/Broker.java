package dev.emc.meshserver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.emc.meshserver.MeshStats.GroupStats;
import dev.emc.meshserver.MeshStats.TopicStats;
import dev.emc.meshserver.Session.InFlight;

/**
 * Topics, groups and sessions: takes events in, hands them out, and keeps them until every group has acknowledged them.
 * All methods are called on one thread; {@link #run} does the work that the others have left.
 */
final class Broker {

    private static final int FAIL = 1;
    private static final int MAX_TOPICS = 10_000;
    /** Events that one group is served before it is the next one's turn. */
    private static final int ROUND = 64;
    /** Bytes that are on their way to the disk, at most. */
    private static final long MAX_UNCOMMITTED = 16 << 20;
    private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);
    private static final int READ_AHEAD = 512 * 1024;

    private final MeshServerConfig config;
    private final Storage storage;
    private final Map<String, Topic> topics = new LinkedHashMap<>();
    private final Set<Session> sessions = new LinkedHashSet<>();
    private final Deque<Group> ready = new ArrayDeque<>();
    private final Set<Topic> parked = new LinkedHashSet<>();
    private final List<Topic> trims = new ArrayList<>();
    private final Set<Group> moved = new LinkedHashSet<>();
    private Batch batch = new Batch();
    private boolean writing;
    private boolean draining;
    private Runnable drained;
    /** Whether the user was told that the bytes are used up, and they still are or nearly so. */
    private boolean full;
    private boolean warned;
    private long lastWarning;
    private long uncommitted;
    private long memory;
    private long stored;
    private long lastSeq;

    /** @param storage null to keep events in memory only */
    Broker(MeshServerConfig config, Storage storage) {
        this.config = config;
        this.storage = storage;
    }

    MeshServerConfig config() {
        return config;
    }

    /** Adds a topic that the store has kept. */
    void restore(String name, long first, long end, long bytes, Map<String, Long> positions) {
        Topic topic = new Topic(name, first, end, bytes);
        topics.put(name, topic);
        stored += bytes;
        positions.forEach((group, position) -> topic.groups.put(group,
                new Group(topic, group, false, Math.min(Math.max(first, position), end))));
        trimLater(topic);
    }

    /**
     * Takes a client in that has said hello.
     *
     * @param window events pushed to it and not yet acknowledged, at the most
     */
    Session open(Client client, String group, int window) {
        Session session = new Session(client, group, window);
        sessions.add(session);
        return session;
    }

    /** A client is gone: what it had not acknowledged goes to others. */
    void close(Session session) {
        if (session.closed) {
            return;
        }
        unsubscribe(session);
        for (InFlight entry : session.inFlight.values()) {
            entry.group.lost(entry);
            serve(entry.group);
        }
        session.clear();
        session.closed = true;
        sessions.remove(session);
        if (session.waiting > 0) {
            for (Topic topic : parked) {
                topic.waiting.removeIf(publish -> publish.from() == session);
            }
        }
    }

    /** The session takes events from now on. */
    void listen(Session session) {
        session.listening = true;
        session.groups.forEach(this::serve);
    }

    /** The session can be written to again. */
    void writable(Session session) {
        session.groups.forEach(this::serve);
    }

    /**
     * Lets a session take part in a topic: in the group it named when it said hello, or as a broadcasting subscriber.
     *
     * @param done called when the subscription is as safe as an event would be
     * @return null, or why not: a phrase
     */
    String subscribe(Session session, String name, boolean broadcast, Runnable done) {
        if (name == null || name.isBlank()) {
            return "a subscription names no topic";
        }
        if (config.quirks.contains(Quirk.UNKNOWN_TOPIC) && !topics.containsKey(name)) {
            return "topic '" + name + "' does not exist";
        }
        Topic topic = topic(name);
        if (topic == null) {
            return "there are " + MAX_TOPICS + " topics already";
        }
        for (Group group : session.groups) {
            if (group.topic == topic) {
                if (group.broadcast != broadcast) {
                    return "this client has subscribed to topic '" + name + "' in the other mode already";
                }
                done.run();
                return null;
            }
        }
        boolean known = !broadcast && topic.groups.containsKey(session.group);
        if (storage != null && !broadcast && !known && storage.full()) {
            return "the disk of the data folder is full, and a new group has to be kept there";
        }
        Group group = broadcast
                ? broadcastGroup(session, topic)
                : topic.groups.computeIfAbsent(session.group, one -> new Group(topic, one, false, topic.first()));
        group.join(session);
        session.groups.add(group);
        if (storage != null && !broadcast && !known) {
            batch.change(topic).positions.put(group.name, group.position());
            batch.after.add(done);
        } else {
            done.run();
        }
        serve(group);
        return null;
    }

    /** The first subscriber of all gets what was kept for it; a later one gets what comes from now on. */
    private static Group broadcastGroup(Session session, Topic topic) {
        long position = topic.hasGroups() ? topic.end() : topic.first();
        Group group = new Group(topic, session.client.name(), true, position);
        topic.broadcasts.add(group);
        return group;
    }

    /**
     * Ends all subscriptions of a session. Its group stays, and events are kept for it. What the session holds it can
     * still acknowledge: it may be finishing its work.
     */
    void unsubscribe(Session session) {
        for (Group group : session.groups) {
            group.leave(session);
            if (group.broadcast) {
                group.topic.broadcasts.remove(group);
            } else {
                serve(group);
            }
            trimLater(group.topic);
        }
        session.groups.clear();
    }

    /** Takes an event from a publisher, who is told later how that went. */
    void publish(Publish publish, String name) {
        Topic topic = topic(name);
        if (topic == null) {
            publish.from().client.refused(publish, FAIL,
                    "topic '" + name + "' can't be made: there are " + MAX_TOPICS + " topics already");
            return;
        }
        if (config.quirks.contains(Quirk.REFUSE_WITHOUT_SUBSCRIBER) && !subscribed(topic)) {
            publish.from().client.refused(publish, FAIL, "topic '" + name + "' has no subscriber");
            return;
        }
        if (topic.waiting.isEmpty() && room(topic, publish)) {
            append(topic, publish);
            return;
        }
        if (config.quirks.contains(Quirk.FULL_NEVER_ACKS)) {
            return;
        }
        topic.waiting.add(publish);
        parked.add(topic);
        if (publish.from().waiting++ == 0) {
            publish.from().client.pause();
        }
    }

    private static boolean subscribed(Topic topic) {
        return !topic.broadcasts.isEmpty() || topic.groups.values().stream().anyMatch(group -> !group.members.isEmpty());
    }

    private Topic topic(String name) {
        Topic topic = topics.get(name);
        if (topic == null && topics.size() < MAX_TOPICS) {
            topic = new Topic(name, 0, 0, 0);
            topics.put(name, topic);
        }
        return topic;
    }

    private void append(Topic topic, Publish publish) {
        long cost = Topic.cost(publish.event());
        if (storage != null) {
            batch.change(topic).events.add(publish.event());
            batch.receipts.add(publish);
            batch.bytes += cost;
            uncommitted += cost;
        }
        topic.append(publish.event());
        memory += cost;
        stored += cost;
        if (storage == null) {
            topic.visible = topic.end();
            publish.from().client.accepted(publish);
            serve(topic);
        }
    }

    /** A subscriber has acknowledged a push. */
    void acknowledge(Session session, long seq) {
        InFlight entry = session.remove(seq);
        if (entry == null) {
            return;
        }
        if (entry.group.acknowledge(entry)) {
            moved.add(entry.group);
            trimLater(entry.group.topic);
        }
        serve(entry.group);
        for (Group group : session.groups) {
            serve(group);
        }
    }

    /** Does what is due: hands out events, deletes acknowledged ones, lets publishers go on, writes to the store. */
    void run() {
        serveAll();
        trim();
        unpark();
        serveAll();
        if (storage != null) {
            evict();
            if (batch.urgent() || !parked.isEmpty() || draining) {
                submit();
            }
        }
    }

    /** Does what time makes due; called several times a second. {@link #run} has to follow. */
    void tick() {
        boolean givesUp = config.quirks.contains(Quirk.GIVES_UP);
        if (givesUp || !config.quirks.contains(Quirk.NO_REDELIVERY)) {
            long now = System.nanoTime();
            for (Session session : sessions) {
                expire(session, now, givesUp);
            }
        }
        submit();
    }

    /** @param giveUp whether what is late counts as acknowledged, and isn't pushed again */
    private void expire(Session session, long now, boolean giveUp) {
        List<Long> late = new ArrayList<>();
        for (Iterator<InFlight> entries = session.inFlight.values().iterator(); entries.hasNext();) {
            InFlight entry = entries.next();
            if (entry.deadline - now > 0) {
                break;
            }
            if (entry.group.settled(entry)) {
                entries.remove();
                session.settled(entry);
            } else if (giveUp) {
                late.add(entry.seq);
            } else if (!entry.expired) {
                entry.group.expired(entry);
                serve(entry.group);
            }
        }
        late.forEach(seq -> acknowledge(session, seq));
    }

    private void serve(Topic topic) {
        for (Group group : topic.groups.values()) {
            serve(group);
        }
        for (Group group : topic.broadcasts) {
            serve(group);
        }
    }

    private void serve(Group group) {
        if (!group.queued && !group.members.isEmpty()) {
            group.queued = true;
            ready.add(group);
        }
    }

    private void serveAll() {
        for (Group group = ready.poll(); group != null; group = ready.poll()) {
            group.queued = false;
            if (!draining && group.dispatch(this, ROUND)) {
                serve(group);
            }
        }
    }

    /** Reads events back for a group that is behind what is in memory. */
    void load(Group group, long offset) {
        storage.read(group.topic.name, offset, READ_AHEAD, events -> {
            group.loaded(offset, events);
            serve(group);
        });
    }

    long nextSeq() {
        return ++lastSeq;
    }

    long ackDeadline() {
        return System.nanoTime() + config.ackTimeout.toNanos();
    }

    private void trimLater(Topic topic) {
        if (!topic.trimDue) {
            topic.trimDue = true;
            trims.add(topic);
        }
    }

    private void trim() {
        for (Topic topic : trims) {
            topic.trimDue = false;
            long before = topic.acknowledged();
            if (before > topic.first()) {
                long freed = topic.trim(before);
                memory -= freed;
                if (storage != null) {
                    batch.change(topic).trimBefore = before;
                } else {
                    stored -= freed;
                    topic.bytes -= freed;
                }
            }
        }
        trims.clear();
    }

    private void unpark() {
        for (Iterator<Topic> iterator = parked.iterator(); iterator.hasNext();) {
            Topic topic = iterator.next();
            while (!topic.waiting.isEmpty() && room(topic, topic.waiting.peek())) {
                Publish publish = topic.waiting.poll();
                append(topic, publish);
                if (--publish.from().waiting == 0) {
                    publish.from().client.resume();
                }
            }
            if (topic.waiting.isEmpty()) {
                iterator.remove();
            }
        }
    }

    private boolean room(Topic topic, Publish publish) {
        long limit = storage == null ? config.maxMemory : config.maxDisk;
        long bytes = stored + Topic.cost(publish.event());
        if (bytes > limit && stored > 0) {
            if (!full) {
                full = true;
                warn(Refusals.full(config, largest(), stored, storage != null));
            }
            return false;
        }
        long events = topic.end() - topic.first();
        if (events >= config.maxEvents) {
            if (!topic.full) {
                topic.full = true;
                warn(Refusals.full(topic));
            }
            return false;
        }
        // a subscriber that is slow all the time keeps it nearly full: that is one case of being full and not many
        full &= bytes > limit - limit / 8;
        topic.full &= events > config.maxEvents - config.maxEvents / 8;
        return uncommitted < Math.min(MAX_UNCOMMITTED, config.maxMemory / 4 + 1) && (storage == null || !storage.low());
    }

    /** Several topics may be full by turns: one line a minute is enough. */
    private void warn(String message) {
        long now = System.nanoTime();
        if (!warned || now - lastWarning > WARN_EVERY) {
            warned = true;
            lastWarning = now;
            config.log.accept(message);
        }
    }

    private Topic largest() {
        Topic largest = null;
        for (Topic topic : topics.values()) {
            if (largest == null || topic.bytes > largest.bytes) {
                largest = topic;
            }
        }
        return largest;
    }

    private void evict() {
        if (memory <= config.maxMemory) {
            return;
        }
        List<Topic> largestFirst = new ArrayList<>(topics.values());
        largestFirst.sort((a, b) -> Long.compare(b.cachedBytes(), a.cachedBytes()));
        long target = config.maxMemory - config.maxMemory / 4;
        for (Topic topic : largestFirst) {
            if (memory <= target) {
                return;
            }
            memory -= topic.evict(Math.max(0, topic.cachedBytes() - (memory - target)));
        }
    }

    private void submit() {
        if (storage == null || writing) {
            return;
        }
        for (Group group : moved) {
            if (!group.broadcast && group.storedPosition != group.position()) {
                group.storedPosition = group.position();
                batch.change(group.topic).positions.put(group.name, group.storedPosition);
            }
        }
        moved.clear();
        if (batch.isEmpty()) {
            if (draining && drained != null) {
                Runnable done = drained;
                drained = null;
                done.run();
            }
            return;
        }
        Batch full = batch;
        batch = new Batch();
        writing = true;
        storage.write(full, () -> written(full));
    }

    private void written(Batch full) {
        writing = false;
        uncommitted -= full.bytes;
        full.changes.forEach((topic, change) -> {
            stored -= change.freed;
            topic.bytes -= change.freed;
            topic.visible = Math.max(topic.visible, change.from + change.events.size());
            serve(topic);
        });
        for (Publish publish : full.receipts) {
            publish.from().client.accepted(publish);
        }
        full.after.forEach(Runnable::run);
    }

    /** Hands out nothing more and writes what is still to be written. */
    void drain(Runnable done) {
        draining = true;
        drained = done;
        if (storage == null) {
            done.run();
        } else {
            submit();
        }
    }

    MeshStats stats() {
        List<TopicStats> all = new ArrayList<>();
        for (Topic topic : topics.values()) {
            List<GroupStats> groups = new ArrayList<>();
            topic.groups.values().forEach(group -> groups.add(group.stats()));
            topic.broadcasts.forEach(group -> groups.add(group.stats()));
            all.add(new TopicStats(topic.name, topic.end() - topic.first(), topic.end(), topic.waiting.size(),
                    List.copyOf(groups)));
        }
        return new MeshStats(sessions.size(), memory, stored, List.copyOf(all));
    }
}
