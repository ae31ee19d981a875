package dev.emc.meshserver;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The sentences about publishers that have to wait. */
final class Refusals {

    private Refusals() {}

    /** The server's bytes are used up. */
    static String full(MeshServerConfig config, Topic largest, long bytes, boolean disk) {
        return "The server is full: it keeps " + mebibytes(bytes) + " of " + mebibytes(disk ? config.maxDisk : config.maxMemory)
                + ", most of it (" + mebibytes(largest.bytes) + ") in topic '" + largest.name + "', because " + cause(largest)
                + ", or raise --max-" + (disk ? "disk" : "memory") + "; until then publishers wait.";
    }

    /** A topic's events are used up. */
    static String full(Topic topic) {
        return "Topic '" + topic.name + "' is full: it keeps " + (topic.end() - topic.first()) + " events, because "
                + cause(topic) + ", or raise --max-events; until then its publishers wait.";
    }

    private static String mebibytes(long bytes) {
        return Math.round(bytes / 1048576.0) + " MiB";
    }

    /** Why a topic's events are still there, and what to do, as the middle of a sentence. */
    private static String cause(Topic topic) {
        List<Group> groups = new ArrayList<>(topic.groups.values());
        groups.addAll(topic.broadcasts);
        Group last = groups.stream().min(Comparator.comparingLong(Group::position)).orElse(null);
        if (last == null) {
            return "no subscriber has come yet: start one";
        }
        if (last.members.isEmpty()) {
            return "group '" + last.name + "' has no subscriber running: start one, forget the group with --drop-group "
                    + topic.name + "/" + last.name;
        }
        return (last.broadcast ? "subscriber " : "group '") + last.name + (last.broadcast ? "" : "'")
                + " is behind: wait for it";
    }
}
