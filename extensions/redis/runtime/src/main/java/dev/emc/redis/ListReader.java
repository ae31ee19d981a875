package dev.emc.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

import org.jboss.logging.Logger;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.core.redis.HostName;

/**
 * Reads lists: an element is set aside in the server under an id until it is safe, so that whatever happens it comes again,
 * with the same id. What a consumer has set aside that gives no sign of life any more is taken over.
 */
final class ListReader implements Reader {

    private static final Logger LOG = Logger.getLogger(ListReader.class);
    /** How long to wait at one of several lists, in milliseconds: no request can wait for all of them. */
    private static final long LOOK = 50;

    private final RedisSourceConfig config;
    private final Link link;
    private final EventReader events;
    private final String consumer;
    private final Map<String, Queue> queues = new LinkedHashMap<>();
    private final ReadSize size = new ReadSize();
    private final Timer takingOver;
    private final Timer measuring = new Timer(Duration.ofSeconds(1));
    /** What ids of this process begin with: in the order of time, and no other process has the same. */
    private final String ids = String.format(Locale.ROOT, "%013d-%04x-", System.currentTimeMillis(),
            ThreadLocalRandom.current().nextInt(1 << 16));
    private long number;
    private int connection;
    private int turn;
    private long lag = -1;

    ListReader(RedisSourceConfig config, Link link) {
        this.config = config;
        this.link = link;
        this.events = new EventReader(config);
        this.consumer = config.consumer().orElseGet(HostName::get);
        this.takingOver = new Timer(config.claimAfter().dividedBy(2));
        config.keys().forEach(list -> queues.put(list, new Queue(new ListScripts(list, consumer, config.side()))));
    }

    @Override
    public void start(String worker) throws ConnectorException, InterruptedException {
        link.connect();
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws ConnectorException, InterruptedException {
        int now = link.connect();
        if (now != connection) {
            for (Queue queue : queues.values()) {
                setAside(queue); // an answer may have been lost with the old connection
            }
            connection = now;
        }
        if (takingOver.due()) {
            takeOver();
        }
        measure();
        List<SourceRecord> records = new ArrayList<>();
        int count = size.count(max);
        for (Queue queue : queues.values()) {
            while (!queue.again.isEmpty() && records.size() < count) {
                records.add(queue.again.poll());
            }
        }
        if (records.isEmpty()) {
            take(count, records);
        }
        if (records.isEmpty() && wait.toMillis() > 0 && await(wait.toMillis())) {
            take(count, records);
        }
        return records;
    }

    private void take(int max, List<SourceRecord> records) throws ConnectorException, InterruptedException {
        int each = Math.max(1, max / queues.size());
        List<Request> requests = new ArrayList<>();
        for (Queue queue : queues.values()) {
            requests.add(queue.scripts.take(ids, number, each));
            number += each;
        }
        List<Response> replies = link.send(requests);
        int i = 0;
        for (Queue queue : queues.values()) {
            List<Response> flat = Fields.list(replies.get(i++));
            for (int at = 0; at + 1 < flat.size(); at += 2) {
                records.add(record(queue, flat.get(at).toString(), flat.get(at + 1).toBytes()));
            }
        }
    }

    private SourceRecord record(Queue queue, String id, byte[] element) {
        queue.underWay.add(id);
        SourceRecord record = events.payload(
                SourceRecord.at(new Position(Map.of("list", queue.scripts.list()), Map.of("id", id)))
                        .attribute("subject", queue.scripts.list()),
                element);
        size.read(record.size());
        return record;
    }

    /** Whether something has come. */
    private boolean await(long millis) throws ConnectorException, InterruptedException {
        List<Queue> all = List.copyOf(queues.values());
        Queue queue = all.get(turn++ % all.size());
        long time = all.size() == 1 ? millis : Math.min(LOOK, millis);
        return link.send(queue.scripts.await(time), Duration.ofMillis(time)) != null || all.size() > 1;
    }

    /** Finds what is set aside for this consumer and not under way: from an earlier life, or from another consumer. */
    private void setAside(Queue queue) throws ConnectorException, InterruptedException {
        List<Response> flat = Fields.list(link.send(queue.scripts.underWay()));
        Map<String, byte[]> found = new TreeMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            if (!queue.underWay.contains(flat.get(i).toString())) {
                found.put(flat.get(i).toString(), flat.get(i + 1).toBytes());
            }
        }
        found.forEach((id, element) -> queue.again.add(record(queue, id, element)));
    }

    private void takeOver() throws ConnectorException, InterruptedException {
        for (Queue queue : queues.values()) {
            for (Response other : Fields.list(link.send(queue.scripts.others()))) {
                if (!other.toString().equals(consumer)) {
                    Response count = link.send(queue.scripts.takeOver(other.toString(), config.claimAfter().toMillis()));
                    if (count.toLong() > 0) {
                        LOG.infof("took over %d elements of list %s that %s had left", count.toLong(), queue.scripts.list(),
                                other);
                        setAside(queue);
                    }
                }
            }
        }
        takingOver.restart();
    }

    @Override
    public void commit(List<SourceRecord> accepted) throws ConnectorException, InterruptedException {
        Map<String, List<String>> safe = new LinkedHashMap<>();
        for (SourceRecord record : accepted) {
            Position position = (Position) record.progress();
            safe.computeIfAbsent(position.partition().get("list").toString(), list -> new ArrayList<>())
                    .add(position.offset().get("id").toString());
        }
        List<Request> requests = new ArrayList<>();
        safe.forEach((list, some) -> requests.add(queues.get(list).scripts.forget(some)));
        link.send(requests);
        safe.forEach((list, some) -> some.forEach(queues.get(list).underWay::remove));
    }

    private void measure() throws ConnectorException, InterruptedException {
        if (measuring.due()) {
            long sum = 0;
            for (Response length : link.send(queues.values().stream().map(queue -> queue.scripts.length()).toList())) {
                sum += length.toLong();
            }
            lag = sum;
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
        for (String list : queues.keySet()) {
            String type = link.send(Request.cmd(Command.TYPE).arg(list)).toString();
            checks.add(type.equals("list") || type.equals("none")
                    ? Check.passed("list " + list, type.equals("none") ? "is empty" : "is there")
                    : Check.failed("list " + list, "is a " + type, "correct connector.keys or connector.type"));
        }
        return checks;
    }

    /** One list. */
    private static final class Queue {

        private final ListScripts scripts;
        private final Set<String> underWay = new HashSet<>();
        private final Deque<SourceRecord> again = new ArrayDeque<>();

        Queue(ListScripts scripts) {
            this.scripts = scripts;
        }
    }
}
