package dev.emc.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.UpstreamDefault;
import dev.emc.api.UpstreamKey;

/** Keys of the Redis source. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
public interface RedisSourceConfig extends RedisConnectorConfig {

    /**
     * What to read: `stream` streams, as a member of a consumer group; `list` lists, whose elements are kept aside until they
     * are safe; `pubsub` channels, of which all is lost that is published while nobody listens (at most once).
     */
    @WithDefault("stream")
    @UpstreamDefault("pubsub")
    Type type();

    /** Names of the streams, lists or channels. A channel's name with `*`, `?` or `[` in it is a pattern. */
    @UpstreamKey("connectorConfig.topic")
    List<String> keys();

    /**
     * Consumer group of the streams, made when it is missing; when not set, the worker's name. Its members share the entries.
     */
    Optional<String> group();

    /**
     * Name of this process among those that share streams or lists; when not set, the host's name. It has to be the same after
     * a restart, and two processes on one host need different ones.
     */
    Optional<String> consumer();

    /**
     * Where a new consumer group begins: `0` with all that is in the stream, `$` with what comes from now on, or after an entry
     * id.
     */
    @WithDefault("0")
    String start();

    /**
     * How long another process may give no sign of life (lists), or leave an entry that it has read unacknowledged (streams),
     * until its records are taken over.
     */
    @WithDefault("1m")
    Duration claimAfter();

    /** What becomes of a stream's entry that is safe: `keep` it, or `delete` it, when no other group reads the stream. */
    @WithDefault("keep")
    AfterCommit afterCommit();

    /** The end of the list where elements are taken, `left` or `right`. */
    @WithDefault("left")
    Side side();

    /**
     * How to make events: `auto` recognises CloudEvents (JSON, or fields `ce_…`) and takes a stream's entry with the only field
     * `data` as payload, any other entry as a JSON object of its fields; `data` takes the field `data-field`, or the element or
     * message, as payload, whatever is in it; `fields` takes each entry as a JSON object.
     */
    @WithDefault("auto")
    Format format();

    /** Name of the field of a stream's entry that has the payload. */
    @WithDefault("data")
    String dataField();

    /** Content type of payloads that don't say theirs; when not set, it is guessed: JSON, text or bytes. */
    Optional<String> contentType();

    /** What to read. */
    enum Type {
        STREAM, LIST, PUBSUB
    }

    /** What becomes of an entry that is safe. */
    enum AfterCommit {
        KEEP, DELETE
    }

    /** How to make events. */
    enum Format {
        AUTO, FIELDS, DATA
    }
}
