package dev.emc.testkit.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** Counts in several partitions; writes down what was committed. Some numbers can't be sent. */
final class NumberSource implements Source {

    static final int PARTITIONS = 3;
    private static final int POLL = 25;

    private final int last;
    private final Killer killer;
    private final Journal committed;
    private final long[] next = new long[PARTITIONS];
    private int turn;
    private Duration pause = Duration.ZERO;

    /** @param last number of each partition */
    NumberSource(int last, Path committed, Killer killer) throws Exception {
        this.last = last;
        this.killer = killer;
        this.committed = new Journal(committed);
    }

    /** Takes so long for each poll. */
    void pause(Duration pause) {
        this.pause = pause;
    }

    static Map<String, Object> partition(int partition) {
        return Map.of("partition", (long) partition);
    }

    static String text(int partition, long number) {
        return partition + "/" + number;
    }

    /** Whether a number can't be sent. */
    static boolean isBad(long number) {
        return number % 50 == 13;
    }

    @Override
    public void start(SourceContext context) {
        for (int p = 0; p < PARTITIONS; p++) {
            next[p] = 1 + context.position(partition(p)).map(position -> (Long) position.offset().get("number")).orElse(0L);
        }
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws InterruptedException {
        Thread.sleep(pause.toMillis());
        List<SourceRecord> records = new ArrayList<>();
        turn = (turn + 1) % PARTITIONS;
        for (int i = 0; i < PARTITIONS && records.isEmpty(); i++) {
            int p = (turn + i) % PARTITIONS;
            while (records.size() < Math.min(max, POLL) && next[p] <= last) {
                records.add(record(p, next[p]++));
            }
        }
        killer.pass(KillPoint.SOURCE_AFTER_POLL);
        return records;
    }

    private static SourceRecord record(int partition, long number) {
        return SourceRecord.at(new Position(partition(partition), Map.of("number", number))).text(text(partition, number))
                .contentType("text/plain")
                .problem(isBad(number) ? new PermanentException("the number " + number + " can't be sent") : null).build();
    }

    @Override
    public void commit(List<SourceRecord> accepted) throws Exception {
        killer.pass(KillPoint.SOURCE_BEFORE_COMMIT);
        Map<Object, Object> ends = new TreeMap<>();
        for (SourceRecord record : accepted) {
            Position position = (Position) record.progress();
            ends.put(position.partition().get("partition"), position.offset().get("number"));
        }
        for (Map.Entry<Object, Object> end : ends.entrySet()) {
            committed.add(end.getKey() + "/" + end.getValue());
        }
        killer.pass(KillPoint.SOURCE_AFTER_COMMIT);
    }

    @Override
    public boolean exhausted() {
        for (long number : next) {
            if (number <= last) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws Exception {
        committed.close();
    }
}
