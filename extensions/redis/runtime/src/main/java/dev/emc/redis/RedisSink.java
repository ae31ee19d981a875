package dev.emc.redis;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.kit.Template;

/** Writes events to streams, lists, channels, strings, hashes or sets of Redis, a batch in one round trip. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, deliveryExcept = "at most once to each subscriber with `connector.type: pubsub`; a server that answers before its disk or its replicas have it (`appendfsync`, `min-replicas-to-write`) may lose what it took last", ordering = "as received; a retry may reorder, unless `ordering: strict`", idempotency = "the same event is there once as `string`, `hash` and `set`; as `stream` or `list` with `connector.deduplicate`", testedWith = {
        "Redis 6.2"}, limits = {
                "`connector.deduplicate` needs a user that may run scripts (`eval`).",
                "In a hash, fields that an event doesn't have stay as they are."})
public class RedisSink implements Sink {

    /** What a server says of a request that it will take later. */
    private static final Set<String> LATER = Set.of("OOM", "TRYAGAIN", "BUSY", "NOREPLICAS", "MISCONF");

    private final RedisSinkConfig config;
    private final Supplier<Vertx> vertx;
    private final SinkCommands commands;
    private Template key;
    private Link link;

    @Inject
    RedisSink(RedisSinkConfig config, Instance<Vertx> vertx) {
        this(config, vertx::get);
    }

    /** @param vertx asked when the sink connects */
    RedisSink(RedisSinkConfig config, Supplier<Vertx> vertx) {
        this.config = config;
        this.vertx = vertx;
        this.commands = new SinkCommands(config);
    }

    @Override
    public List<ConfigProblem> validate() {
        return SinkRules.problems(config);
    }

    @Override
    public List<Check> check() throws InterruptedException {
        return new SinkCheck(config, vertx).look();
    }

    @Override
    public void start(SinkContext context) throws ConnectorException, InterruptedException {
        close();
        key = Template.parse(config.key());
        try {
            link = new Link(UrlAccess.of(config), vertx);
        } catch (IllegalArgumentException wrong) {
            throw new FatalException("connector.url " + wrong.getMessage());
        }
        link.send(Request.cmd(Command.PING));
    }

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws ConnectorException, InterruptedException {
        List<Failure> failures = new ArrayList<>();
        List<ConnectorRecord> sent = new ArrayList<>(batch.size());
        List<Request> requests = new ArrayList<>(batch.size());
        Set<String> keys = new LinkedHashSet<>();
        for (ConnectorRecord record : batch) {
            try {
                String name = key.apply(record);
                requests.add(commands.write(name, record));
                sent.add(record);
                keys.add(name);
            } catch (PermanentException bad) {
                failures.add(new Failure(record, bad));
            }
        }
        requests.addAll(commands.after(keys));
        failures(sent, link.ask(requests), failures);
        awaitReplicas();
        return failures;
    }

    /** Until so many have what came by this connection, and all that the server took before. */
    private void awaitReplicas() throws ConnectorException, InterruptedException {
        int wanted = config.waitReplicas();
        if (wanted > 0) {
            long have = link.send(Request.cmd(Command.WAIT).arg(wanted).arg(config.waitTimeout().toMillis()),
                    config.waitTimeout()).toLong();
            if (have < wanted) {
                throw new RetryableException(link.place() + " has the batch on " + have + " of " + wanted + " replicas after "
                        + config.waitTimeout().toMillis() + " ms; look at the replicas, raise connector.wait-timeout, or lower"
                        + " connector.wait-replicas");
            }
        }
    }

    /** @param replies those to the events, then those to what follows a batch */
    private void failures(List<ConnectorRecord> sent, List<Reply> replies, List<Failure> failures) throws ConnectorException {
        for (int i = 0; i < replies.size(); i++) {
            Reply reply = replies.get(i);
            if (reply.refusal() != null) {
                ConnectorException error = error(reply);
                // a key that refused its event refuses the rest as well
                if (error instanceof FatalException || i >= sent.size() && failures.isEmpty()) {
                    throw error;
                }
                if (i < sent.size()) {
                    failures.add(new Failure(sent.get(i), ofRecord(sent.get(i), error)));
                }
            }
        }
    }

    private ConnectorException ofRecord(ConnectorRecord record, ConnectorException error) throws PermanentException {
        return error instanceof PermanentException
                ? new PermanentException("Event '" + record.id() + "' can't be written to '" + key.apply(record) + "': "
                        + error.getMessage() + '.')
                : error;
    }

    /** What a refusal means for the record. */
    private ConnectorException error(Reply reply) {
        ConnectorException error = link.error(reply.refusal());
        String code = reply.code();
        if (code.equals("WRONGTYPE") || reply.says("WRONGTYPE")) {
            return new PermanentException(error.getMessage());
        }
        if (code.equals("NOPERM") && reply.says("key") && !key.isConstant()) {
            return new PermanentException(error.getMessage());
        }
        boolean later = LATER.contains(code) || reply.says("OOM command not allowed");
        return error instanceof RetryableException && code.equals("ERR") && !later
                ? new PermanentException(error.getMessage())
                : error;
    }

    @Override
    public void close() {
        if (link != null) {
            link.close();
            link = null;
        }
    }
}
