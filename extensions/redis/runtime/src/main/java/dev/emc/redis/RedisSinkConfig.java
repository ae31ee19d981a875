package dev.emc.redis;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.UpstreamDefault;
import dev.emc.api.UpstreamKey;

/** Keys of the Redis sink. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
public interface RedisSinkConfig extends RedisConnectorConfig {

    /**
     * What an event becomes: `stream` an entry of a stream, `list` an element of a list, `pubsub` a message to whoever listens
     * to a channel at that moment (at most once to each of them), `string` the value of a key, `hash` fields of a hash, `set` a
     * member of a set.
     */
    @WithDefault("stream")
    @UpstreamDefault("pubsub")
    Type type();

    /**
     * Name of the stream, list, channel, string, hash or set: a template such as `orders:{type}`, `customer:{/customer/id}` or
     * `seen:{time:yyyy-MM-dd}`. A brace of Redis' own is written `{{`.
     */
    @UpstreamKey("connectorConfig.topic")
    String key();

    /**
     * What is written of an event: `structured` the whole event as CloudEvents JSON, `data` the payload alone, `fields` a JSON
     * object's members as fields, `binary` a field for each attribute (`ce_id`, `ce_type`, …), one for the content type
     * (`content-type`) and one for the payload. Streams and hashes take all of them, the others only the first two.
     */
    @WithDefault("structured")
    Format format();

    /** Name of the field that has the event (`structured`) or the payload (`data`, `binary`), in streams and hashes. */
    @WithDefault("data")
    String dataField();

    /** How many entries a stream, or elements a list, keeps; the oldest ones go first. When not set, all. */
    Optional<Long> maxLength();

    /** Whether a stream has never more than `max-length` entries; otherwise it may have some more, which is faster. */
    @WithDefault("false")
    boolean exactLength();

    /** The end of the list where elements are added, `right` or `left`. */
    @WithDefault("right")
    Side side();

    /** After which time without a write a key is gone. When not set, never. */
    Optional<Duration> ttl();

    /**
     * How long an event is remembered so that a second one of the same source and id isn't written to a stream, a list or a
     * channel again; each event takes a key `{<key>}:emc:seen:…`. When not set, what the mesh delivers twice is there twice.
     */
    Optional<Duration> deduplicate();

    /**
     * How many replicas must have a batch before it counts as written (`WAIT`), so that a failover to one of them loses nothing; not
     * with a cluster, nor with `pubsub`.
     */
    @WithDefault("0")
    int waitReplicas();

    /** How long to wait for the replicas, before the batch is written again. */
    @WithDefault("5s")
    Duration waitTimeout();

    /** What an event becomes. */
    enum Type {
        STREAM, LIST, PUBSUB, STRING, HASH, SET
    }

    /** What is written of an event. */
    enum Format {
        STRUCTURED, BINARY, FIELDS, DATA
    }
}
