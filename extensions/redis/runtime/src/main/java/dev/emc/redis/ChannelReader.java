package dev.emc.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jboss.logging.Logger;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

import dev.emc.api.Acknowledgement;
import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.SourceRecord;

/**
 * Listens to channels. Redis forgets a message when it has sent it, so that nothing can be read again: at most once. While too
 * many messages wait, the connection isn't read, and Redis cuts it when its own buffer is full.
 */
final class ChannelReader implements Reader {

    private static final Logger LOG = Logger.getLogger(ChannelReader.class);
    private static final int MOST_WAITING = 10_000;
    /** A connection that leads nowhere doesn't say so: the server is asked on another one. */
    private static final Duration LIFE_SIGN = Duration.ofSeconds(10);
    private static final Acknowledgement NONE = new Acknowledgement() {
        @Override
        public void accepted() {}

        @Override
        public void rejected(Exception reason) {}
    };

    private final Link link;
    private final EventReader events;
    private final List<String> channels;
    private final List<String> patterns;
    private final Timer asking = new Timer(LIFE_SIGN);
    private Subscription subscription;
    private int connection;

    ChannelReader(RedisSourceConfig config, Link link) {
        this.link = link;
        this.events = new EventReader(config);
        this.patterns = config.keys().stream().filter(ChannelReader::isPattern).toList();
        this.channels = config.keys().stream().filter(name -> !isPattern(name)).toList();
    }

    private static boolean isPattern(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0;
    }

    @Override
    public void start(String worker) throws ConnectorException, InterruptedException {
        subscribe();
    }

    private void subscribe() throws ConnectorException, InterruptedException {
        connection = link.connect();
        Subscription fresh = new Subscription(link.another());
        fresh.begin(channels, patterns, link);
        if (subscription != null) {
            LOG.warn("the subscription was interrupted; what was published meanwhile is lost");
            fresh.waiting.addAll(subscription.waiting);
        }
        subscription = fresh;
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws ConnectorException, InterruptedException {
        if (asking.due() && !subscription.ended.get()) {
            link.send(Request.cmd(Command.PING));
            asking.restart();
        }
        if (subscription.ended.get() || link.connect() != connection) {
            subscribe();
        }
        List<SourceRecord> records = new ArrayList<>();
        Message message = subscription.waiting.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        while (message != null) {
            records.add(events.payload(SourceRecord.acknowledgedBy(NONE).attribute("id", UUID.randomUUID().toString())
                    .attribute("subject", message.channel), message.data));
            message = records.size() < max ? subscription.waiting.poll() : null;
        }
        subscription.goOn();
        return records;
    }

    @Override
    public void commit(List<SourceRecord> accepted) {}

    @Override
    public long lag() {
        return -1;
    }

    @Override
    public List<Check> check() {
        return List.of(Check.passed("delivery", "at most once: what is published while this worker doesn't listen is lost;"
                + " use a stream where that matters"));
    }

    private record Message(String channel, byte[] data) {}

    /** The channels on one connection. */
    private static final class Subscription {

        private final RedisConnection connection;
        private final LinkedBlockingQueue<Message> waiting = new LinkedBlockingQueue<>();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicBoolean paused = new AtomicBoolean();

        Subscription(RedisConnection connection) {
            this.connection = connection;
        }

        void begin(List<String> channels, List<String> patterns, Link link) throws ConnectorException, InterruptedException {
            connection.handler(this::message).endHandler(end -> ended.set(true)).exceptionHandler(error -> ended.set(true));
            if (!channels.isEmpty()) {
                link.await(connection.send(request(Command.SUBSCRIBE, channels)));
            }
            if (!patterns.isEmpty()) {
                link.await(connection.send(request(Command.PSUBSCRIBE, patterns)));
            }
        }

        private static Request request(Command command, List<String> names) {
            Request request = Request.cmd(command);
            names.forEach(request::arg);
            return request;
        }

        private void message(Response push) {
            String kind = push.get(0).toString();
            int channel = kind.equals("pmessage") ? 2 : 1;
            if (kind.equals("message") || kind.equals("pmessage")) {
                waiting.add(new Message(push.get(channel).toString(), push.get(channel + 1).toBytes()));
                if (waiting.size() >= MOST_WAITING && paused.compareAndSet(false, true)) {
                    connection.pause();
                }
            }
        }

        void goOn() {
            if (waiting.size() < MOST_WAITING / 2 && paused.compareAndSet(true, false)) {
                connection.resume();
            }
        }
    }
}
