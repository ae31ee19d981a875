package dev.emc.redis;

import java.time.Duration;
import java.util.Collection;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

/** The commands of one consumer of a group. */
final class StreamCommands {

    private final String consumer;
    private final Duration claimAfter;
    private String group;

    StreamCommands(String consumer, Duration claimAfter) {
        this.consumer = consumer;
        this.claimAfter = claimAfter;
    }

    void group(String name) {
        group = name;
    }

    Request createGroup(String stream, String start) {
        return Request.cmd(Command.XGROUP).arg("CREATE").arg(stream).arg(group).arg(start).arg("MKSTREAM");
    }

    /**
     * Reads what comes after an id among the own pending entries, or with {@code >} what nobody has read.
     *
     * @param block how many milliseconds to wait for it; 0 for not at all
     */
    Request read(Collection<String> streams, String after, int count, long block) {
        Request read = Request.cmd(Command.XREADGROUP).arg("GROUP").arg(group).arg(consumer).arg("COUNT").arg(count);
        if (block > 0) {
            read.arg("BLOCK").arg(block);
        }
        read.arg("STREAMS");
        streams.forEach(read::arg);
        streams.forEach(stream -> read.arg(after));
        return read;
    }

    /** Takes over pending entries that their consumer has left for long. */
    Request claim(String stream, String after, int count) {
        return Request.cmd(Command.XAUTOCLAIM).arg(stream).arg(group).arg(consumer).arg(claimAfter.toMillis()).arg(after)
                .arg("COUNT").arg(count);
    }

    /** Makes own pending entries look as if they had been read just now. */
    Request refresh(String stream, Collection<String> ids) {
        Request claim = Request.cmd(Command.XCLAIM).arg(stream).arg(group).arg(consumer).arg(0);
        ids.forEach(claim::arg);
        return claim.arg("JUSTID");
    }

    Request acknowledge(String stream, Collection<String> ids) {
        Request acknowledge = Request.cmd(Command.XACK).arg(stream).arg(group);
        ids.forEach(acknowledge::arg);
        return acknowledge;
    }

    Request delete(String stream, Collection<String> ids) {
        Request delete = Request.cmd(Command.XDEL).arg(stream);
        ids.forEach(delete::arg);
        return delete;
    }
}
