package dev.emc.redis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SourceDriver;
import dev.emc.wire.StructuredJson;

/** A server for the Redis source to read from. */
public final class RedisSourceDriver implements SourceDriver<RedisSourceConfig> {

    private final RedisSourceConfig.Type type;
    private final RedisPlace redis = new RedisPlace();

    private RedisSourceDriver(RedisSourceConfig.Type type) throws Exception {
        this.type = type;
    }

    /** Streams with CloudEvents in them. */
    public static RedisSourceDriver ofStreams() throws Exception {
        return new RedisSourceDriver(RedisSourceConfig.Type.STREAM);
    }

    /** Lists with CloudEvents in them. */
    public static RedisSourceDriver ofLists() throws Exception {
        return new RedisSourceDriver(RedisSourceConfig.Type.LIST);
    }

    @Override
    public String name() {
        return "redis-source";
    }

    @Override
    public Class<RedisSourceConfig> configClass() {
        return RedisSourceConfig.class;
    }

    @Override
    public RedisSource create(RedisSourceConfig config) {
        return new RedisSource(config, () -> RedisAdmin.VERTX);
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(Feature.REPLAY, Feature.IDEMPOTENT));
    }

    @Override
    public Map<String, String> newPlace() {
        Map<String, String> place = new HashMap<>(redis.next("keys"));
        place.put("type", type.name().toLowerCase());
        return place;
    }

    @Override
    public Map<String, String> samplePlace() {
        return redis.nextByUrl("keys");
    }

    @Override
    public void write(Map<String, String> place, List<ConnectorRecord> records) throws Exception {
        List<Request> requests = new ArrayList<>();
        for (ConnectorRecord record : records) {
            requests.add(add(place.get("keys"), StructuredJson.write(record)));
        }
        redis.admin().send(requests);
    }

    private Request add(String key, byte[] value) {
        return type == RedisSourceConfig.Type.STREAM
                ? RedisAdmin.request(Command.XADD, key, "*", "event", value)
                : RedisAdmin.request(Command.RPUSH, key, value);
    }

    /** Looks like an event and has no id. */
    @Override
    public void writePoison(Map<String, String> place) throws Exception {
        redis.admin().send(List.of(add(place.get("keys"), "{\"specversion\":\"1.0\",\"type\":\"t\"}".getBytes())));
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
        return Map.of("hosts", "redis://127.0.0.1:6379", "url", "http://127.0.0.1", "database", "-1", "start", "now", "timeout",
                "0s",
                "claim-after", "0s", "keys", "a,a");
    }

    @Override
    public void close() throws Exception {
        redis.close();
    }
}
