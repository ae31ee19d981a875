package dev.emc.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Await;
import dev.emc.testkit.Configs;

/** A source that does what a worker has it do. */
final class SourceRunner implements AutoCloseable {

    private final RedisSource source;

    /** Starts it. */
    SourceRunner(Object... keysAndValues) throws Exception {
        source = new RedisSource(Configs.of(RedisSourceConfig.class, keysAndValues), () -> RedisAdmin.VERTX);
        source.start(new Context());
    }

    /** What is there now or comes soon; not more than so many. */
    List<SourceRecord> poll(int max) throws Exception {
        return source.poll(max, Duration.ofMillis(50));
    }

    /** Polls until there are so many. */
    List<SourceRecord> take(int count) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        Await.until(() -> count + " records come; " + records.size() + " came", Await.DEADLINE, () -> {
            try {
                records.addAll(poll(count - records.size()));
            } catch (RetryableException later) {
                return false;
            }
            return records.size() >= count;
        });
        return records;
    }

    /** Whether nothing comes for a while. */
    boolean isQuiet() throws Exception {
        boolean[] none = new boolean[1];
        Await.until("a poll works", () -> {
            try {
                none[0] = poll(10).isEmpty();
                return true;
            } catch (RetryableException later) {
                return false;
            }
        });
        return none[0] && Await.always(Duration.ofMillis(200), () -> poll(10).isEmpty());
    }

    void commit(List<SourceRecord> records) throws Exception {
        source.commit(records);
    }

    long lag() {
        return source.lag();
    }

    @Override
    public void close() {
        source.close();
    }

    static List<String> texts(List<SourceRecord> records) {
        return records.stream().map(SourceRecord::text).toList();
    }

    /** What makes the ids of events. */
    static List<Position> positions(List<SourceRecord> records) {
        return records.stream().map(record -> (Position) record.progress()).toList();
    }

    private static final class Context implements SourceContext {

        @Override
        public String name() {
            return "worker";
        }

        @Override
        public Optional<Position> position(Map<String, Object> partition) {
            return Optional.empty();
        }

        @Override
        public void release(Collection<Map<String, Object>> partitions, Duration wait) {}

        @Override
        public void abandon(Collection<Map<String, Object>> partitions) {}

        @Override
        public void forget(Map<String, Object> partition) {}

        @Override
        public Collection<Position> positions() {
            return List.of();
        }

        @Override
        public void begin(Collection<Position> from) {
            throw new UnsupportedOperationException();
        }
    }
}
