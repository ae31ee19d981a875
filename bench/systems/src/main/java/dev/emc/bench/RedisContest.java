package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.emc.testkit.RedisServer;

/** Redis in memory: beside redis-benchmark, which sends the same commands as fast as it can and does nothing else. */
final class RedisContest implements Contest {

    private static final String FILL = "for n = ARGV[2], ARGV[3] do"
            + " redis.call('XADD', KEYS[1], '*', 'data', string.format('%09d', n) .. ARGV[1]) end";
    /** Entries that are written or read by one command of the benchmark itself, so that none takes long. */
    private static final int PORTION = 5000;
    /** Commands, or entries of a command, that go together. */
    private static final int TOGETHER = 100;

    /** What is done in the blink of an eye is done several times as long. */
    private static final double MORE = 4;

    private final Emc emc;
    private final RedisServer redis;
    private final List<String> benchmark;
    private final Payload payload;
    private int streams;

    RedisContest(Emc emc, Tools tools, int bytes) throws Exception {
        this.emc = emc;
        this.payload = Payload.line(bytes);
        this.benchmark = tools.command("usr/bin/redis-benchmark", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1");
        this.redis = RedisServer.inMemory();
    }

    @Override
    public List<Contender> contenders() {
        return List.of(emc.sink("redis-sink", 1, payload, events -> {
            String stream = newStream();
            return new Emc.Place(Map.of("url", url(), "key", stream, "format", "data"), new Stream(stream, true));
        }), new Contender("redis-sink", "redis-benchmark XADD, 50 at a time", "the same bytes, made up", 1,
                (folder, events) -> add(folder, events, "-c", "50")),
                new Contender("redis-sink", "redis-benchmark XADD, 100 in a pipeline", "the same bytes, made up", MORE,
                        (folder, events) -> add(folder, events, "-c", "1", "-P", Integer.toString(TOGETHER))),
                emc.source("redis-source", 1, payload, (folder, events) -> new Emc.Origin(
                        Map.of("url", url(), "keys", filled(events), "group", "bench"), null)),
                new Contender("redis-source", "redis-benchmark XREADGROUP, 100 a time", "throws away, acknowledges nothing",
                        MORE,
                        this::read));
    }

    private Run add(Path folder, int events, String... options) {
        String stream = newStream();
        List<String> more = new ArrayList<>(List.of("-n", Integer.toString(events)));
        more.addAll(List.of(options));
        more.addAll(List.of("XADD", stream, "*", "data", new String(payload.make().apply(1))));
        return new Run(new Stream(stream, false), () -> benchmark(folder, more));
    }

    private Run read(Path folder, int events) throws IOException {
        String stream = filled(events);
        redis.command("XGROUP", "CREATE", stream, "bench", "0");
        int requests = (events + TOGETHER - 1) / TOGETHER;
        return new Run(new Pending(stream), () -> benchmark(folder, List.of("-c", "1", "-n", Integer.toString(requests),
                "XREADGROUP", "GROUP", "bench", "one", "COUNT", Integer.toString(TOGETHER), "STREAMS", stream, ">")));
    }

    private Child benchmark(Path folder, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(benchmark);
        command.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(redis.port()), "-q"));
        command.addAll(more);
        return new Child(command, folder, folder.resolve("log"));
    }

    private String url() {
        return "redis://" + redis.address();
    }

    private String newStream() {
        return "bench-" + ++streams;
    }

    private String filled(int events) throws IOException {
        String stream = newStream();
        String text = new String(payload.make().apply(0)).substring(Lines.DIGITS);
        for (int from = 1; from <= events; from += PORTION) {
            redis.command("EVAL", FILL, "1", stream, text, Integer.toString(from),
                    Integer.toString(Math.min(events, from + PORTION - 1)));
        }
        return stream;
    }

    @Override
    public void close() throws InterruptedException {
        redis.close();
    }

    /** A stream that is written to. */
    private final class Stream implements Target {

        private final String name;
        private final boolean numbered;

        /** @param numbered whether the entries have their numbers, so that they can be told apart */
        Stream(String name, boolean numbered) {
            this.name = name;
            this.numbered = numbered;
        }

        @Override
        public long arrived() throws IOException {
            return Long.parseLong(redis.command("XLEN", name));
        }

        @Override
        public void verify(int events) throws IOException {
            Target.require(numbered ? distinct() : arrived(), events);
            redis.command("DEL", name);
        }

        private int distinct() throws IOException {
            Tally tally = new Tally();
            String after = "-";
            while (true) {
                // three lines an entry: its id, the field, the value
                List<String> lines = redis.command("XRANGE", name, after, "+", "COUNT", Integer.toString(PORTION)).lines()
                        .filter(line -> !line.isEmpty()).toList();
                if (lines.isEmpty()) {
                    return tally.distinct();
                }
                for (int i = 0; i < lines.size(); i += 3) {
                    tally.add(payload.number(lines.get(i + 2).getBytes()));
                    after = "(" + lines.get(i);
                }
            }
        }
    }

    /** What a group has been given of a stream. */
    private final class Pending implements Target {

        private final String name;

        Pending(String name) {
            this.name = name;
        }

        @Override
        public long arrived() throws IOException {
            return Long.parseLong(redis.command("XPENDING", name, "bench").lines().findFirst().orElseThrow());
        }

        @Override
        public void verify(int events) throws IOException {
            Target.require(arrived(), events);
            redis.command("DEL", name);
        }
    }
}
