package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

import dev.emc.api.Acknowledgement;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;

class PositionTrackerTest {

    private final PositionTracker tracker = new PositionTracker();
    private final Prefixes prefixes = new Prefixes();

    private Entry add(String partition, long n) {
        return tracker.add(FakeSource.record(partition, n));
    }

    private Position end(String partition) {
        return prefixes.ends.get(Map.of("p", (Object) partition));
    }

    @Test
    void nothingIsCollectedBeforeTheFirstIsAccepted() {
        add("a", 1);
        add("a", 2).accepted();
        tracker.collect(prefixes);
        assertEquals(0, prefixes.count);
        assertEquals(2, tracker.records());
    }

    @Test
    void theUnbrokenPrefixIsCollected() {
        List<Entry> entries = new ArrayList<>();
        for (int n = 1; n <= 5; n++) {
            entries.add(add("a", n));
        }
        for (int n : new int[]{5, 1, 2}) {
            entries.get(n - 1).accepted();
        }
        tracker.collect(prefixes);
        assertEquals(Map.of("n", 2L), end("a").offset());
        assertEquals(List.of(entries.get(0).record, entries.get(1).record), prefixes.records());
    }

    @Test
    void partitionsAreIndependent() {
        add("a", 1);
        add("b", 7).accepted();
        tracker.collect(prefixes);
        assertEquals(Set.of(Map.of("p", "b")), prefixes.ends.keySet());
    }

    @Test
    void recordsWithoutPositionHaveNoEnd() {
        Entry entry = tracker.add(SourceRecord.acknowledgedBy(new Acknowledgement() {
            @Override
            public void accepted() {}

            @Override
            public void rejected(Exception reason) {}
        }).build());
        entry.accepted();
        tracker.collect(prefixes);
        assertEquals(1, prefixes.count);
        assertEquals(Map.of(), prefixes.ends);
        assertEquals(List.of(), prefixes.records());
    }

    @Test
    void bytesAreCounted() {
        Entry entry = tracker.add(FakeSource.record("a", 1, new byte[1000]));
        long size = entry.record.size();
        assertEquals(size, tracker.bytes());
        entry.accepted();
        tracker.collect(prefixes);
        assertEquals(0, tracker.bytes());
        assertEquals(size, prefixes.bytes);
    }

    @Test
    void theHeadOfEachPartitionIsItsFirstUnaccepted() {
        add("a", 1).accepted();
        Entry second = add("a", 2);
        add("a", 3);
        Entry other = add("b", 1);
        Set<Entry> heads = new HashSet<>();
        tracker.heads(heads::add);
        assertEquals(Set.of(second, other), heads);
    }

    /** The same, so simple that it must be right. */
    private static final class Model {

        final Map<String, List<Long>> added = new HashMap<>();
        final Map<String, Set<Long>> accepted = new HashMap<>();

        long prefixEnd(String partition) {
            long end = 0;
            for (long n : added.getOrDefault(partition, List.of())) {
                if (!accepted.getOrDefault(partition, Set.of()).contains(n)) {
                    break;
                }
                end = n;
            }
            return end;
        }
    }

    @Test
    void itAgreesWithAModelForAnyOrderOfEvents() {
        for (int seed = 0; seed < 300; seed++) {
            agreesWithModel(new Random(seed), "seed " + seed);
        }
    }

    private static void agreesWithModel(Random random, String seed) {
        PositionTracker tracker = new PositionTracker();
        Prefixes prefixes = new Prefixes();
        Model model = new Model();
        Map<String, Long> next = new HashMap<>();
        List<Entry> open = new ArrayList<>();
        Map<String, List<Long>> collected = new HashMap<>();
        int added = 0;
        for (int step = 0; step < 400; step++) {
            int dice = random.nextInt(10);
            if (dice < 5) {
                String partition = "p" + random.nextInt(4);
                long n = next.merge(partition, 1L + random.nextInt(3), Long::sum);
                open.add(tracker.add(FakeSource.record(partition, n)));
                model.added.computeIfAbsent(partition, any -> new ArrayList<>()).add(n);
                added++;
            } else if (dice < 9 && !open.isEmpty()) {
                Entry entry = open.remove(random.nextInt(open.size()));
                entry.accepted();
                Position position = (Position) entry.record.progress();
                model.accepted.computeIfAbsent((String) position.partition().get("p"), any -> new HashSet<>())
                        .add((Long) position.offset().get("n"));
            } else {
                prefixes.clear();
                tracker.collect(prefixes);
                for (SourceRecord record : prefixes.records()) {
                    Position position = (Position) record.progress();
                    collected.computeIfAbsent((String) position.partition().get("p"), any -> new ArrayList<>())
                            .add((Long) position.offset().get("n"));
                }
                for (String partition : model.added.keySet()) {
                    List<Long> list = collected.getOrDefault(partition, List.of());
                    long end = list.isEmpty() ? 0 : list.get(list.size() - 1);
                    assertEquals(model.prefixEnd(partition), end, seed);
                    assertEquals(model.added.get(partition).subList(0, list.size()), list, seed);
                    Position saved = prefixes.ends.get(Map.of("p", (Object) partition));
                    assertTrue(saved == null || saved.offset().equals(Map.of("n", end)), seed);
                }
                int total = collected.values().stream().mapToInt(List::size).sum();
                assertEquals(added - total, tracker.records(), seed);
            }
        }
    }

    @Test
    void acceptanceOnOtherThreadsIsSeen() throws InterruptedException {
        ConcurrentLinkedQueue<Entry> sent = new ConcurrentLinkedQueue<>();
        Thread network = new Thread(() -> {
            Random random = new Random(1);
            List<Entry> open = new ArrayList<>();
            int accepted = 0;
            while (accepted < 20_000) {
                for (Entry entry = sent.poll(); entry != null; entry = sent.poll()) {
                    open.add(entry);
                }
                if (!open.isEmpty()) {
                    int index = random.nextInt(open.size());
                    Entry last = open.remove(open.size() - 1);
                    Entry chosen = index == open.size() ? last : open.set(index, last);
                    chosen.accepted();
                    accepted++;
                }
            }
        });
        network.start();
        int n = 0;
        while (prefixes.count < 20_000) {
            if (n < 20_000 && tracker.records() < 500) {
                sent.add(add("p" + n % 3, n));
                n++;
            }
            tracker.collect(prefixes);
        }
        network.join();
        assertEquals(0, tracker.records());
        assertEquals(Map.of("n", 19_999L), end("p" + 19_999 % 3).offset());
    }
}
