package dev.emc.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import org.jboss.logging.Logger;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.core.redis.HostName;

/**
 * Reads streams as a member of a consumer group. What the group has handed out stays pending until it is acknowledged: after
 * each new connection the own pending entries come first, and those of others that have left theirs for long are taken over.
 */
final class StreamReader implements Reader {

    private static final Logger LOG = Logger.getLogger(StreamReader.class);
    /** Entry ids that Redis makes are times; ids that somebody has chosen mostly aren't. */
    private static final long FIRST_TIME = 100_000_000_000L;
    /** How often streams on several nodes are looked at, in milliseconds: no request can wait for all of them. */
    private static final long LOOK = 50;

    private final RedisSourceConfig config;
    private final Link link;
    private final EventReader events;
    private final StreamCommands commands;
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final ReadSize size = new ReadSize();
    private final Timer claiming;
    private final Timer refreshing;
    private final Timer measuring = new Timer(Duration.ofSeconds(1));
    private int connection;
    private String group;
    private long lag = -1;

    StreamReader(RedisSourceConfig config, Link link) {
        this.config = config;
        this.link = link;
        this.events = new EventReader(config);
        this.claiming = new Timer(config.claimAfter().dividedBy(2));
        this.refreshing = new Timer(config.claimAfter().dividedBy(3));
        this.commands = new StreamCommands(config.consumer().orElseGet(HostName::get), config.claimAfter());
        config.keys().forEach(key -> streams.put(key, new Stream(key)));
    }

    @Override
    public void start(String worker) throws ConnectorException, InterruptedException {
        group = config.group().orElse(worker);
        commands.group(group);
        createGroups(config.start());
    }

    private void createGroups(String start) throws ConnectorException, InterruptedException {
        List<Request> requests = streams.keySet().stream().map(key -> commands.createGroup(key, start)).toList();
        for (Reply reply : link.ask(requests)) {
            if (reply.refusal() != null && !reply.code().equals("BUSYGROUP")) {
                throw reply.says("Invalid stream ID")
                        ? new FatalException("connector.start is no id of an entry that Redis takes")
                        : link.error(reply.refusal());
            }
        }
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws ConnectorException, InterruptedException {
        int now = link.connect();
        if (now != connection) {
            // an answer may have been lost with the old connection
            streams.values().forEach(Stream::readPendingAgain);
            connection = now;
        }
        measure();
        refresh();
        List<SourceRecord> records = new ArrayList<>();
        int count = size.count(max);
        pending(count, records);
        if (records.isEmpty() && claiming.due()) {
            claim(count, records);
        }
        if (records.isEmpty()) {
            fresh(count, wait, records);
        }
        return records;
    }

    /** What this consumer has been handed out and isn't under way any more. */
    private void pending(int max, List<SourceRecord> records) throws ConnectorException, InterruptedException {
        for (Stream stream : streams.values()) {
            while (stream.pending != null && records.size() < max) {
                Response found = answer(link.ask(commands.read(List.of(stream.key), stream.pending, max - records.size(), 0),
                        Duration.ZERO));
                List<Response> entries = found == null ? List.of() : Fields.list(found.get(0).get(1));
                stream.pending = entries.isEmpty() ? null : entries.get(entries.size() - 1).get(0).toString();
                take(stream, entries, records);
            }
        }
    }

    private void claim(int max, List<SourceRecord> records) throws ConnectorException, InterruptedException {
        for (Stream stream : streams.values()) {
            do {
                if (records.size() >= max) {
                    return; // the rest with the next poll
                }
                Response found = answer(link.ask(commands.claim(stream.key, stream.claimed, max - records.size()),
                        Duration.ZERO));
                if (found == null) {
                    return;
                }
                stream.claimed = found.get(0).toString();
                int before = records.size();
                take(stream, Fields.list(found.get(1)), records);
                if (records.size() > before) {
                    LOG.infof("took over %d entries of stream %s that another consumer had left", records.size() - before,
                            stream.key);
                }
            } while (!stream.claimed.equals("0-0"));
        }
        claiming.restart();
    }

    private void fresh(int max, Duration wait, List<SourceRecord> records) throws ConnectorException, InterruptedException {
        int each = Math.max(1, max / streams.size());
        if (!link.isCluster() || streams.size() == 1) {
            Response found = answer(link.ask(commands.read(streams.keySet(), ">", each, wait.toMillis()), wait));
            for (Response stream : Fields.list(found)) {
                take(streams.get(stream.get(0).toString()), Fields.list(stream.get(1)), records);
            }
            return;
        }
        List<Request> requests = streams.keySet().stream().map(key -> commands.read(List.of(key), ">", each, 0)).toList();
        for (Reply reply : link.ask(requests)) {
            for (Response stream : Fields.list(answer(reply))) {
                take(streams.get(stream.get(0).toString()), Fields.list(stream.get(1)), records);
            }
        }
        if (records.isEmpty()) {
            Thread.sleep(Math.min(LOOK, wait.toMillis()));
        }
    }

    /** A reply's value; makes groups again that somebody has removed. */
    private Response answer(Reply reply) throws ConnectorException, InterruptedException {
        if (reply.refusal() == null) {
            return reply.value();
        }
        if (reply.code().equals("NOGROUP") || reply.says("no longer exists")) {
            // whatever is in the stream now has not been acknowledged by this group
            LOG.warnf("the consumer group '%s' or one of its streams was removed; reading from the beginning", group);
            createGroups("0");
            return null;
        }
        throw link.error(reply.refusal());
    }

    private void take(Stream stream, List<Response> entries, List<SourceRecord> records)
            throws ConnectorException, InterruptedException {
        List<String> gone = new ArrayList<>();
        for (Response entry : entries) {
            if (entry == null) {
                continue; // was deleted before it was taken over; Redis 6 doesn't tell its id
            }
            String id = entry.get(0).toString();
            if (entry.get(1) == null) {
                gone.add(id);
            } else if (stream.underWay.add(id)) {
                SourceRecord record = record(stream.key, id, Fields.of(entry.get(1)));
                size.read(record.size());
                records.add(record);
            }
        }
        if (!gone.isEmpty()) {
            LOG.warnf("%d entries of stream %s were trimmed or deleted before they were acknowledged, %s the first of them",
                    gone.size(), stream.key, gone.get(0));
            link.send(commands.acknowledge(stream.key, gone));
        }
    }

    private SourceRecord record(String key, String id, Map<String, byte[]> fields) {
        SourceRecord.Builder record = SourceRecord.at(new Position(Map.of("stream", key), Map.of("id", id)))
                .attribute("subject", key);
        long millis = Long.parseUnsignedLong(id.substring(0, id.indexOf('-')));
        if (millis > FIRST_TIME && millis < 100 * FIRST_TIME) {
            record.timestamp(Instant.ofEpochMilli(millis));
        }
        return events.entry(record, fields);
    }

    /** Lets the other consumers know that what is under way here isn't left. */
    private void refresh() throws ConnectorException, InterruptedException {
        if (refreshing.due()) {
            List<Request> requests = new ArrayList<>();
            for (Stream stream : streams.values()) {
                if (!stream.underWay.isEmpty()) {
                    requests.add(commands.refresh(stream.key, stream.underWay));
                }
            }
            link.ask(requests);
            refreshing.restart();
        }
    }

    @Override
    public void commit(List<SourceRecord> accepted) throws ConnectorException, InterruptedException {
        Map<String, List<String>> ids = new LinkedHashMap<>();
        for (SourceRecord record : accepted) {
            Position position = (Position) record.progress();
            ids.computeIfAbsent(position.partition().get("stream").toString(), key -> new ArrayList<>())
                    .add(position.offset().get("id").toString());
        }
        List<Request> requests = new ArrayList<>();
        ids.forEach((key, some) -> {
            requests.add(commands.acknowledge(key, some));
            if (config.afterCommit() == RedisSourceConfig.AfterCommit.DELETE) {
                requests.add(commands.delete(key, some));
            }
        });
        link.send(requests);
        ids.forEach((key, some) -> streams.get(key).underWay.removeAll(some));
    }

    private void measure() throws ConnectorException, InterruptedException {
        if (measuring.due()) {
            lag = StreamLag.of(link, streams.keySet(), group);
            measuring.restart();
        }
    }

    @Override
    public long lag() {
        return lag;
    }

    @Override
    public List<Check> check() throws ConnectorException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        for (String key : streams.keySet()) {
            String type = link.send(Request.cmd(Command.TYPE).arg(key)).toString();
            checks.add(switch (type) {
                case "stream" -> Check.passed("stream " + key, "is there");
                case "none" -> Check.passed("stream " + key, "isn't there yet; it is made at the start");
                default -> Check.failed("stream " + key, "is a " + type, "correct connector.keys or connector.type");
            });
        }
        return checks;
    }

    /** How far one stream is read. */
    private static final class Stream {

        private final String key;
        /** Read, and not yet acknowledged. */
        private final Collection<String> underWay = new LinkedHashSet<>();
        /** After which entry to go on with the own pending ones; null when there are no more. */
        private String pending;
        /** After which entry to go on with the pending ones of others. */
        private String claimed = "0-0";

        Stream(String key) {
            this.key = key;
        }

        void readPendingAgain() {
            pending = "0-0";
        }
    }
}
