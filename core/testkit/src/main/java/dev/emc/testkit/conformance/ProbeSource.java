package dev.emc.testkit.conformance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.Position;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** The source under test, watched. */
final class ProbeSource implements Source {

    final AtomicInteger polls = new AtomicInteger();
    final AtomicLong polled = new AtomicLong();
    /** Of those: how many stand at a position. The others are acknowledged one by one. */
    final AtomicLong positioned = new AtomicLong();
    final AtomicLong committed = new AtomicLong();
    volatile boolean closed;
    private final Source source;

    ProbeSource(Source source) {
        this.source = source;
    }

    @Override
    public void start(SourceContext context) throws Exception {
        source.start(context);
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws Exception {
        polls.incrementAndGet();
        List<SourceRecord> records = source.poll(max, wait);
        if (records.size() > max) {
            throw new AssertionError("asked for " + max + " records at the most, got " + records.size());
        }
        polled.addAndGet(records.size());
        positioned.addAndGet(records.stream().filter(record -> record.progress() instanceof Position).count());
        return records;
    }

    @Override
    public void commit(List<SourceRecord> accepted) throws Exception {
        source.commit(accepted);
        committed.addAndGet(accepted.size());
    }

    @Override
    public boolean selfCoordinated() {
        return source.selfCoordinated();
    }

    @Override
    public boolean exhausted() {
        return source.exhausted();
    }

    @Override
    public void idle() throws Exception {
        source.idle();
    }

    @Override
    public long lag() {
        return source.lag();
    }

    @Override
    public List<ConfigProblem> validate() {
        return source.validate();
    }

    @Override
    public List<Check> check() throws Exception {
        return source.check();
    }

    @Override
    public void close() throws Exception {
        closed = true;
        source.close();
    }
}
