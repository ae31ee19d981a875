package dev.emc.redis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SinkDriver;
import dev.emc.wire.StructuredJson;

/** A server for the Redis sink to write to. */
public final class RedisSinkDriver implements SinkDriver<RedisSinkConfig> {

    private final RedisSinkConfig.Type type;
    private final RedisPlace redis = new RedisPlace();

    private RedisSinkDriver(RedisSinkConfig.Type type) throws Exception {
        this.type = type;
    }

    /** Entries of a stream, each event once. */
    public static RedisSinkDriver ofStreams() throws Exception {
        return new RedisSinkDriver(RedisSinkConfig.Type.STREAM);
    }

    /** Elements of a list. */
    public static RedisSinkDriver ofLists() throws Exception {
        return new RedisSinkDriver(RedisSinkConfig.Type.LIST);
    }

    /** A string for each event, under its id. */
    public static RedisSinkDriver ofStrings() throws Exception {
        return new RedisSinkDriver(RedisSinkConfig.Type.STRING);
    }

    /** Members of a set. */
    public static RedisSinkDriver ofSets() throws Exception {
        return new RedisSinkDriver(RedisSinkConfig.Type.SET);
    }

    @Override
    public String name() {
        return "redis-sink";
    }

    @Override
    public Class<RedisSinkConfig> configClass() {
        return RedisSinkConfig.class;
    }

    @Override
    public RedisSink create(RedisSinkConfig config) {
        return new RedisSink(config, () -> RedisAdmin.VERTX);
    }

    @Override
    public Set<Feature> features() {
        Set<Feature> features = EnumSet.complementOf(EnumSet.of(Feature.REPLAY, Feature.UNREADABLE));
        switch (type) {
            case LIST -> features.remove(Feature.IDEMPOTENT);
            case STRING, SET -> features.remove(Feature.ORDER);
            default -> {
            }
        }
        return features;
    }

    @Override
    public Map<String, String> newPlace() {
        Map<String, String> place = new HashMap<>(redis.next("key"));
        place.put("type", type.name().toLowerCase());
        if (type == RedisSinkConfig.Type.STREAM) {
            place.put("deduplicate", "1h");
        } else if (type == RedisSinkConfig.Type.STRING) {
            place.merge("key", ":{id}", String::concat);
        }
        return place;
    }

    @Override
    public Map<String, String> samplePlace() {
        return redis.nextByUrl("key");
    }

    @Override
    public List<ConnectorRecord> read(Map<String, String> place) throws Exception {
        List<ConnectorRecord> events = new ArrayList<>();
        for (byte[] event : raw(place.get("key"))) {
            events.add(StructuredJson.read(event));
        }
        return events;
    }

    private List<byte[]> raw(String key) throws Exception {
        List<byte[]> values = new ArrayList<>();
        RedisAdmin admin = redis.admin();
        switch (type) {
            case STREAM ->
                admin.send(Command.XRANGE, key, "-", "+").forEach(entry -> values.add(entry.get(1).get(1).toBytes()));
            case LIST -> admin.send(Command.LRANGE, key, 0, -1).forEach(element -> values.add(element.toBytes()));
            case SET -> admin.send(Command.SMEMBERS, key).forEach(element -> values.add(element.toBytes()));
            default -> {
                for (Response name : admin.send(Command.KEYS, key.replace("{id}", "*"))) {
                    values.add(admin.send(Command.GET, name).toBytes());
                }
            }
        }
        return values;
    }

    @Override
    public void breakSystem() throws Exception {
        redis.cut();
    }

    @Override
    public void mendSystem() throws Exception {
        redis.mend();
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("hosts", "redis://127.0.0.1:6379", "url", "http://127.0.0.1", "database", "-1", "key", "a{id",
                "max-length",
                "0",
                "ttl", "0s", "timeout", "0s");
    }

    @Override
    public void close() throws Exception {
        redis.close();
    }
}
