package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

class TopicTest {

    private static final int COST = 8 + Topic.OVERHEAD;

    private final Topic topic = new Topic("t", 0, 0, 0);

    private static byte[] event(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            topic.append(event(topic.end()));
        }
        topic.visible = topic.end();
    }

    @Test
    void eventsAreFoundByTheirNumbersWhileOthersComeAndGo() {
        for (int round = 0; round < 100; round++) {
            append(97);
            topic.trim(topic.end() - 150 > 0 ? topic.end() - 150 : 0);
            for (long offset = topic.first(); offset < topic.end(); offset++) {
                assertArrayEquals(event(offset), topic.cached(offset));
            }
        }
        assertEquals(150 * COST, topic.cachedBytes());
    }

    @Test
    void evictedEventsAreKeptButNotInMemory() {
        append(10);
        assertEquals(6 * COST, topic.evict(4 * COST));
        assertNull(topic.cached(5));
        assertArrayEquals(event(6), topic.cached(6));
        assertEquals(0, topic.first());
        assertEquals(10 * COST, topic.bytes);
    }

    @Test
    void eventsThatAreNotOnDiskYetAreNotEvicted() {
        append(3);
        topic.append(event(3));
        assertEquals(3 * COST, topic.evict(0));
        assertArrayEquals(event(3), topic.cached(3));
    }

    @Test
    void theSlowestGroupKeepsEvents() {
        append(10);
        topic.groups.put("fast", new Group(topic, "fast", false, 10));
        topic.groups.put("slow", new Group(topic, "slow", false, 4));
        assertEquals(4, topic.acknowledged());
        topic.broadcasts.add(new Group(topic, "b", true, 2));
        assertEquals(2, topic.acknowledged());
    }
}
