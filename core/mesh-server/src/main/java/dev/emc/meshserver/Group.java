package dev.emc.meshserver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.emc.meshserver.MeshStats.GroupStats;
import dev.emc.meshserver.Session.InFlight;

/**
 * The subscribers that share a topic's events, each event going to one of them; or one broadcasting subscriber, which
 * gets all. Used on the broker's thread.
 */
final class Group {

    final Topic topic;
    final String name;
    final boolean broadcast;
    final List<Session> members = new ArrayList<>();
    /** Pushed once and to be pushed again, in their order. */
    final TreeSet<Long> redeliver = new TreeSet<>();
    /** Whether it waits in the broker's queue to be served. */
    boolean queued;
    /** Position that the store was told last. */
    long storedPosition;
    int unacked;
    long delivered;
    long redelivered;
    long acknowledged;
    /** Who held the events of {@link #redeliver} whose time ran out while the session went on. */
    private final Map<Long, InFlight> late = new HashMap<>();
    private final AckedRange acked;
    /** First event that was never pushed. */
    private long next;
    private int turn;
    /** Events read back from the store, from {@link #aheadFrom} on. */
    private List<byte[]> ahead = List.of();
    private long aheadFrom;
    private boolean loading;

    Group(Topic topic, String name, boolean broadcast, long position) {
        this.topic = topic;
        this.name = name;
        this.broadcast = broadcast;
        this.acked = new AckedRange(position);
        this.next = position;
        this.storedPosition = position;
    }

    long position() {
        return acked.position();
    }

    long pending() {
        return topic.visible - next + redeliver.size();
    }

    /**
     * Pushes what can be pushed, up to a number of events.
     *
     * @return whether there may be more to push right now
     */
    boolean dispatch(Broker broker, int atMost) {
        for (int i = 0; i < atMost; i++) {
            boolean again = !redeliver.isEmpty();
            long offset = again ? redeliver.first() : next;
            if (offset >= topic.visible) {
                return false;
            }
            InFlight before = again ? late.get(offset) : null;
            Session member = pick(before, broker.config());
            if (member == null) {
                return false;
            }
            byte[] event = body(offset, broker);
            if (event == null) {
                return false;
            }
            if (again) {
                redeliver.remove(offset);
                late.remove(offset);
                redelivered++;
            } else {
                next++;
            }
            push(member, before, offset, event, broker);
        }
        return true;
    }

    private void push(Session member, InFlight before, long offset, byte[] event, Broker broker) {
        InFlight entry;
        if (before != null && before.session == member) {
            // the same seq again, so that an acknowledgement of either push counts
            entry = member.remove(before.seq);
            entry.expired = false;
        } else {
            entry = new InFlight(member, this, broker.nextSeq(), offset, event.length);
        }
        entry.deadline = broker.ackDeadline();
        member.add(entry);
        unacked++;
        delivered++;
        member.client.push(entry.seq, event, broadcast);
    }

    /** The next member in turn that has room, another one than had the event before if there is. */
    private Session pick(InFlight before, MeshServerConfig config) {
        Session holder = before == null ? null : before.session;
        int count = members.size();
        for (int i = 0; i < count; i++) {
            int index = turn + i < count ? turn + i : turn + i - count;
            Session member = members.get(index);
            if (member != holder && member.hasRoom(config)) {
                turn = index + 1 < count ? index + 1 : 0;
                return member;
            }
        }
        return holder != null && holder.ready() && members.contains(holder) ? holder : null;
    }

    private byte[] body(long offset, Broker broker) {
        byte[] event = topic.cached(offset);
        if (event != null) {
            ahead = List.of();
            return event;
        }
        if (offset >= aheadFrom && offset < aheadFrom + ahead.size()) {
            return ahead.get((int) (offset - aheadFrom));
        }
        ahead = List.of();
        if (!loading) {
            loading = true;
            broker.load(this, offset);
        }
        return null;
    }

    /** Takes events that were read back. */
    void loaded(long from, List<byte[]> events) {
        loading = false;
        aheadFrom = from;
        ahead = events;
    }

    /** Takes a subscriber in. */
    void join(Session session) {
        members.add(session);
    }

    void leave(Session session) {
        int index = members.indexOf(session);
        members.remove(index);
        if (index < turn) {
            turn--;
        }
        if (turn >= members.size()) {
            turn = 0;
        }
        if (members.isEmpty()) {
            ahead = List.of();
        }
    }

    /** The time of a pushed event ran out. */
    void expired(InFlight entry) {
        entry.expired = true;
        unacked--;
        redeliver.add(entry.offset);
        late.put(entry.offset, entry);
    }

    /** The session of a pushed event is gone. */
    void lost(InFlight entry) {
        if (entry.expired) {
            late.remove(entry.offset, entry);
            return;
        }
        unacked--;
        if (!acked.contains(entry.offset)) {
            redeliver.add(entry.offset);
        }
    }

    /** Whether the event needs no redelivery any more, because another push of it was acknowledged. */
    boolean settled(InFlight entry) {
        return acked.contains(entry.offset);
    }

    /** A subscriber has acknowledged an event. @return whether the position moved */
    boolean acknowledge(InFlight entry) {
        if (!entry.expired) {
            unacked--;
        }
        long before = acked.position();
        if (acked.add(entry.offset)) {
            acknowledged++;
            if (!redeliver.isEmpty() && redeliver.remove(entry.offset)) {
                late.remove(entry.offset);
            }
        }
        return acked.position() > before;
    }

    GroupStats stats() {
        return new GroupStats(name, broadcast, members.size(), pending(), unacked, delivered, redelivered, acknowledged);
    }
}
