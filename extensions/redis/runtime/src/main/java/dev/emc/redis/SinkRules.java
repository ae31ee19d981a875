package dev.emc.redis;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.emc.api.ConfigProblem;
import dev.emc.core.config.RedisAccess.ClientType;
import dev.emc.kit.Template;
import dev.emc.redis.RedisSinkConfig.Format;
import dev.emc.redis.RedisSinkConfig.Type;

/** What the keys of the sink must fulfil beyond their types. */
final class SinkRules {

    private static final Set<Type> WITH_FIELDS = Set.of(Type.STREAM, Type.HASH);

    private SinkRules() {}

    static List<ConfigProblem> problems(RedisSinkConfig config) {
        List<ConfigProblem> problems = UrlAccess.problems(config);
        String type = config.type().name().toLowerCase(Locale.ROOT);
        problems.addAll(Template.check("key", config.key()));
        if (!WITH_FIELDS.contains(config.type()) && (config.format() == Format.FIELDS || config.format() == Format.BINARY)) {
            problems.add(new ConfigProblem("format", "needs fields, and a " + type + " has none",
                    "set it to structured or data, or connector.type to stream or hash"));
        }
        if (config.maxLength().isPresent() && config.maxLength().get() < 1) {
            problems.add(new ConfigProblem("max-length", "must be 1 or more"));
        } else if (config.maxLength().isPresent() && config.type() != Type.STREAM && config.type() != Type.LIST) {
            problems.add(new ConfigProblem("max-length", "is for streams and lists, not for a " + type, "remove it"));
        }
        if (config.exactLength() && (config.type() != Type.STREAM || config.maxLength().isEmpty())) {
            problems.add(new ConfigProblem("exact-length", "is for streams with a max-length", "remove it"));
        }
        if (config.ttl().isPresent() && config.ttl().get().toMillis() < 1) {
            problems.add(new ConfigProblem("ttl", "must be longer than 0"));
        } else if (config.ttl().isPresent() && config.type() == Type.PUBSUB) {
            problems.add(new ConfigProblem("ttl", "has no effect: a channel keeps nothing", "remove it"));
        }
        if (config.deduplicate().isPresent() && config.deduplicate().get().toMillis() < 1) {
            problems.add(new ConfigProblem("deduplicate", "must be longer than 0"));
        } else if (config.deduplicate().isPresent() && Set.of(Type.STRING, Type.HASH, Type.SET).contains(config.type())) {
            problems.add(new ConfigProblem("deduplicate", "isn't needed: the same event twice is there once in a " + type,
                    "remove it"));
        }
        replicas(config, problems);
        return problems;
    }

    private static void replicas(RedisSinkConfig config, List<ConfigProblem> problems) {
        boolean oneServer = Set.of(ClientType.STANDALONE, ClientType.SENTINEL).contains(config.clientType());
        if (config.waitReplicas() < 0) {
            problems.add(new ConfigProblem("wait-replicas", "must be 0 or more"));
        } else if (config.waitReplicas() > 0 && !oneServer) {
            problems.add(
                    new ConfigProblem("wait-replicas", "is for the client types standalone and sentinel only", "remove it"));
        } else if (config.waitReplicas() > 0 && config.type() == Type.PUBSUB) {
            problems.add(new ConfigProblem("wait-replicas", "has no effect: a channel keeps nothing", "remove it"));
        }
        if (config.waitTimeout().toMillis() < 1) { // 0 is for ever
            problems.add(new ConfigProblem("wait-timeout", "must be longer than 0"));
        }
    }
}
