package dev.emc.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Supplier;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.kit.Template;
import dev.emc.redis.RedisSinkConfig.Type;

/** Looks whether the sink can work; changes nothing. */
final class SinkCheck {

    private final RedisSinkConfig config;
    private final Supplier<Vertx> vertx;

    SinkCheck(RedisSinkConfig config, Supplier<Vertx> vertx) {
        this.config = config;
        this.vertx = vertx;
    }

    List<Check> look() throws InterruptedException {
        return ServerCheck.look(config, vertx, config.type() != Type.PUBSUB, this::all);
    }

    private List<Check> all(Link link) throws ConnectorException, InterruptedException {
        List<Check> checks = new ArrayList<>(target(link));
        int wanted = config.waitReplicas();
        OptionalInt there = wanted > 0 ? ServerCheck.replicas(link) : OptionalInt.empty();
        if (there.isPresent()) {
            String found = there.getAsInt() + " copy it, and connector.wait-replicas is " + wanted;
            checks.add(there.getAsInt() >= wanted
                    ? Check.passed("replicas", found)
                    : Check.failed("replicas", found, "start more replicas, or lower connector.wait-replicas"));
        }
        return checks;
    }

    private List<Check> target(Link link) throws ConnectorException, InterruptedException {
        Template key = Template.parse(config.key());
        if (config.type() == Type.PUBSUB) {
            return List.of(Check.passed("delivery", "at most once to each subscriber: who doesn't listen misses the event;"
                    + " use a stream where that matters"));
        }
        if (!key.isConstant()) {
            return List.of();
        }
        String wanted = config.type().name().toLowerCase(Locale.ROOT);
        String name = key.apply(ConnectorRecord.builder().build());
        String found = link.send(Request.cmd(Command.TYPE).arg(name)).toString();
        return List.of(found.equals("none") || found.equals(wanted)
                ? Check.passed(wanted + ' ' + name, found.equals("none") ? "isn't there yet" : "is there")
                : Check.failed(wanted + ' ' + name, "is a " + found,
                        "correct connector.key, or set connector.type to " + found));
    }
}
