package dev.emc.redis;

import static dev.emc.redis.SourceRunner.positions;
import static dev.emc.redis.SourceRunner.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.vertx.redis.client.Command;

import dev.emc.api.SourceRecord;
import dev.emc.testkit.Await;

/** Lists, of which nothing is lost. */
class RedisSourceListTest extends RedisTest {

    private static SourceRunner source(Object... more) throws Exception {
        List<Object> keys = new ArrayList<>(
                List.of("hosts", server.address(), "type", "list", "keys", "jobs", "consumer", "me"));
        keys.addAll(List.of(more));
        return new SourceRunner(keys.toArray());
    }

    private static void push(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            redis.send(Command.RPUSH, "jobs", "n" + i);
        }
    }

    @Test
    void elementsAreKeptAsideUntilTheyAreSafe() throws Exception {
        push(0, 10);
        try (SourceRunner source = source()) {
            List<SourceRecord> records = source.take(10);
            assertEquals(numbers(0, 10), texts(records));
            assertEquals(10, redis.send(Command.HLEN, "{jobs}:emc:taken:me").toLong());
            source.commit(records);
            assertEquals(0, redis.send(Command.HLEN, "{jobs}:emc:taken:me").toLong());
        }
    }

    @Test
    void whatWasNotSafeComesAgainInOrderWithTheSameIds() throws Exception {
        push(0, 20);
        List<SourceRecord> before;
        try (SourceRunner source = source()) {
            before = source.take(15);
            source.commit(before.subList(0, 3));
        }
        try (SourceRunner source = source()) {
            List<SourceRecord> after = source.take(17);
            assertEquals(numbers(3, 20), texts(after));
            assertEquals(positions(before.subList(3, 15)), positions(after.subList(0, 12)));
        }
    }

    @Test
    void equalElementsAreDifferentEvents() throws Exception {
        redis.send(Command.RPUSH, "jobs", "same", "same", "same");
        try (SourceRunner source = source()) {
            List<SourceRecord> records = source.take(3);
            assertEquals(3, new HashSet<>(positions(records)).size());
            source.commit(records.subList(0, 1));
            assertEquals(2, redis.send(Command.HLEN, "{jobs}:emc:taken:me").toLong());
        }
    }

    @Test
    void elementsOfADeadConsumerAreTakenOverWithTheirIds() throws Exception {
        push(0, 10);
        SourceRunner dead = source("consumer", "dead");
        List<SourceRecord> left = dead.take(10);
        redis.send(Command.RPUSH, "{jobs}:emc:next:dead", "n10"); // it was killed before it took this one
        try (SourceRunner source = source("claim-after", "300ms")) {
            List<SourceRecord> taken = source.take(11);
            assertEquals(numbers(0, 11), texts(taken));
            assertEquals(positions(left), positions(taken.subList(0, 10)));
            source.commit(taken);
            assertEquals(0, redis.send(Command.HLEN, "{jobs}:emc:taken:me").toLong());
        }
        dead.close();
    }

    @Test
    void whatIsUnderWayAtALiveConsumerIsNotTakenOver() throws Exception {
        push(0, 10);
        try (SourceRunner slow = source("consumer", "slow", "claim-after", "1s");
                SourceRunner other = source("claim-after", "1s")) {
            slow.take(10);
            assertTrue(Await.always(Duration.ofMillis(2500), () -> slow.poll(10).isEmpty() && other.poll(10).isEmpty()));
        }
    }

    @Test
    void anElementThatComesWhileTheSourceWaitsIsTaken() throws Exception {
        try (SourceRunner source = source()) {
            assertTrue(source.isQuiet());
            push(0, 3);
            assertEquals(numbers(0, 3), texts(source.take(3)));
        }
    }

    @Test
    void twoConsumersShareTheElements() throws Exception {
        push(0, 200);
        Set<String> seen = new HashSet<>();
        try (SourceRunner one = source("consumer", "one"); SourceRunner two = source("consumer", "two")) {
            while (seen.size() < 200) {
                for (SourceRunner source : List.of(one, two)) {
                    texts(source.poll(10)).forEach(text -> assertTrue(seen.add(text), () -> text + " came twice"));
                }
            }
        }
    }

    @Test
    void elementsMayBeTakenFromTheRight() throws Exception {
        push(0, 3);
        try (SourceRunner source = source("side", "right")) {
            assertEquals(List.of("n2", "n1", "n0"), texts(source.take(3)));
        }
    }

    @Test
    void severalListsAreRead() throws Exception {
        redis.send(Command.RPUSH, "a", "1");
        redis.send(Command.RPUSH, "b", "2");
        try (SourceRunner source = source("keys", "a,b")) {
            assertEquals(Set.of("1", "2"), new HashSet<>(texts(source.take(2))));
            redis.send(Command.RPUSH, "b", "3");
            assertEquals(List.of("3"), texts(source.take(1)));
        }
    }

    @Test
    void theLagIsTheLengthOfTheLists() throws Exception {
        push(0, 10);
        try (SourceRunner source = source()) {
            source.poll(4);
            assertEquals(10, source.lag());
        }
    }
}
