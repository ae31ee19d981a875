package dev.emc.meshserver;

import java.util.List;

/**
 * What a server holds at one moment.
 *
 * @param sessions clients that have said hello
 * @param memoryBytes bytes of events in memory
 * @param storedBytes bytes of events kept, in memory or in the data folder
 */
public record MeshStats(int sessions, long memoryBytes, long storedBytes, List<TopicStats> topics) {

    /** The numbers of a topic; all zero when there is no such topic. */
    public TopicStats topic(String name) {
        return topics.stream().filter(topic -> topic.name().equals(name)).findFirst()
                .orElse(new TopicStats(name, 0, 0, 0, List.of()));
    }

    /**
     * @param stored events kept because a group has not acknowledged them or no group has come yet
     * @param published events taken from publishers since the topic's beginning
     * @param waiting events that wait for room, their publishers being held
     * @param groups clustering groups by name, then one entry for each broadcasting subscriber
     */
    public record TopicStats(String name, long stored, long published, int waiting, List<GroupStats> groups) {

        /** The numbers of a group; all zero when there is no such group. */
        public GroupStats group(String group) {
            return groups.stream().filter(one -> one.name().equals(group)).findFirst()
                    .orElse(new GroupStats(group, false, 0, 0, 0, 0, 0, 0));
        }
    }

    /**
     * @param broadcast whether this is one broadcasting subscriber
     * @param members sessions that take events
     * @param pending events not yet pushed or to be pushed again
     * @param unacked events pushed whose acknowledgement is awaited
     * @param delivered pushes, those of a second try included
     * @param redelivered pushes of events that had been pushed before
     * @param acknowledged events acknowledged, since this server started
     */
    public record GroupStats(String name, boolean broadcast, int members, long pending, int unacked, long delivered,
            long redelivered, long acknowledged) {}
}
