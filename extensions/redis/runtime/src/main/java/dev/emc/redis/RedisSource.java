package dev.emc.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

import io.vertx.core.Vertx;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.Source;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;

/** Reads streams, lists or channels of Redis. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, deliveryExcept = "at most once with `connector.type: pubsub`", ordering = "as in each stream or list, while one worker reads it; a retry, or what is taken over from another worker, may come later", idempotency = "what comes again has the same event `id`: that of the stream and its entry, or one that an element of a list gets when it is taken and keeps", testedWith = {
        "Redis 6.2"}, limits = {
                "Needs Redis 6.2 or newer; its user may run scripts (`eval`) when it reads lists.",
                "What is taken from a list `orders` and isn't safe yet is in the hashes `{orders}:emc:taken:<consumer>`.",
                "A consumer that never comes back stays listed in its group, without entries: `XGROUP DELCONSUMER` removes it.",
                "Where one stream is in a cluster beside others, it is looked at every 50 ms instead of waited for.",
                "The lag of streams is known with Redis 7.0 and newer; with older ones only whether there is none."})
public class RedisSource implements Source {

    private static final Pattern START = Pattern.compile("\\$|[0-9]{1,19}(-[0-9]{1,19})?");

    private final RedisSourceConfig config;
    private final Supplier<Vertx> vertx;
    private Link link;
    private Reader reader;

    @Inject
    RedisSource(RedisSourceConfig config, Instance<Vertx> vertx) {
        this(config, vertx::get);
    }

    /** @param vertx asked when the source connects */
    RedisSource(RedisSourceConfig config, Supplier<Vertx> vertx) {
        this.config = config;
        this.vertx = vertx;
    }

    @Override
    public List<ConfigProblem> validate() {
        List<ConfigProblem> problems = UrlAccess.problems(config);
        if (!START.matcher(config.start()).matches()) {
            problems.add(new ConfigProblem("start", "expected 0, $ or the id of an entry such as 1700000000000-0, not \""
                    + config.start() + "\""));
        }
        if (config.claimAfter().isZero()) {
            problems.add(new ConfigProblem("claim-after", "must be longer than 0"));
        }
        if (config.keys().stream().anyMatch(String::isEmpty)) {
            problems.add(new ConfigProblem("keys", "has an empty name in it"));
        } else if (config.keys().stream().distinct().count() < config.keys().size()) {
            problems.add(new ConfigProblem("keys", "has the same name twice"));
        }
        return problems;
    }

    @Override
    public List<Check> check() throws InterruptedException {
        return ServerCheck.look(config, vertx, config.type() != RedisSourceConfig.Type.PUBSUB, open -> reader(open).check());
    }

    private Reader reader(Link on) {
        return switch (config.type()) {
            case STREAM -> new StreamReader(config, on);
            case LIST -> new ListReader(config, on);
            case PUBSUB -> new ChannelReader(config, on);
        };
    }

    @Override
    public void start(SourceContext context) throws ConnectorException, InterruptedException {
        close();
        try {
            link = new Link(UrlAccess.of(config), vertx);
        } catch (IllegalArgumentException wrong) {
            throw new FatalException("connector.url " + wrong.getMessage());
        }
        reader = reader(link);
        reader.start(context.name());
    }

    @Override
    public List<SourceRecord> poll(int max, Duration wait) throws ConnectorException, InterruptedException {
        return reader.poll(max, wait);
    }

    @Override
    public void commit(List<SourceRecord> accepted) throws ConnectorException, InterruptedException {
        reader.commit(accepted);
    }

    /** The consumer group, the elements set aside and the channel know by themselves who gets what. */
    @Override
    public boolean selfCoordinated() {
        return true;
    }

    @Override
    public long lag() {
        return reader.lag();
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        if (link != null) {
            link.close();
            link = null;
        }
    }
}
