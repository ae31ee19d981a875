package dev.emc.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamDefault;
import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;
import dev.emc.kit.TlsSettings;

/** Keys of the Kafka source. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
@UpstreamIgnored(key = "connectorConfig.keyConverter", because = "keys are carried byte by byte")
@UpstreamIgnored(key = "connectorConfig.valueConverter", because = "payloads are carried byte by byte")
@UpstreamIgnored(key = "connectorConfig.enableAutoCommit", because = "an offset is committed once the mesh has accepted the record, never before")
@UpstreamIgnored(key = "connectorConfig.autoCommitIntervalMS", because = "offsets are committed every registry.interval")
@UpstreamIgnored(key = "connectorConfig.maxPollRecords", because = "the worker asks for as many records as it has room for (in-flight.max-records)")
@UpstreamIgnored(key = "connectorConfig.pollTimeoutMs", because = "records are sent as soon as they are there")
public interface KafkaSourceConfig {

    /** Brokers to begin with, `host:port` with commas between them; the others are found through these. */
    @UpstreamKey("connectorConfig.bootstrapServers")
    List<String> bootstrapServers();

    /** Topics to read, with commas between them. Either these or `connector.topic-pattern`. */
    @UpstreamKey("connectorConfig.topic")
    Optional<List<String>> topics();

    /** Topics to read: a regular expression that has to match the whole name, such as `orders\..*`; new ones are found while running. */
    Optional<String> topicPattern();

    /**
     * The consumer group, with `connector.positions: kafka`. Workers of one group share the partitions; a worker that joins or
     * leaves moves only its own share, and what it has not finished is read again by the next.
     */
    @UpstreamKey({"connectorConfig.groupID", "connectorConfig.groupId"})
    @UpstreamDefault("kafkaSource")
    Optional<String> group();

    /**
     * Where progress is kept: `kafka` commits offsets to the group once the mesh has accepted the records, as other Kafka tools
     * show and set them; `registry` keeps them in the worker's registry, one worker reads all partitions, and `emc-kafka-source
     * offsets` shows and sets them (`offset` is the next one to read).
     */
    @WithDefault("kafka")
    Positions positions();

    /**
     * Where a partition begins that has no progress yet: `earliest` at its first record, `latest` with what comes from now on,
     * `none` is an error, and a time such as `2026-11-22T10:00:00Z` begins at the first record of that time or later. Also when
     * records that should come next aren't there any more; those that retention has deleted are always skipped with a warning,
     * but `none` stops.
     */
    @WithDefault("earliest")
    @UpstreamDefault("latest")
    String start();

    /** `read-committed` leaves out the records of transactions that are open or were aborted, `read-uncommitted` doesn't. */
    @WithDefault("read-committed")
    Isolation isolation();

    /** How long the group waits for a worker that says nothing before it gives its partitions to others. */
    @WithDefault("45s")
    @UpstreamKey("connectorConfig.sessionTimeoutMS")
    @UpstreamDefault("10s")
    Duration sessionTimeout();

    /**
     * How long to wait for the mesh when the group takes partitions away: what it has accepted by then is committed, the rest is
     * read again by whoever gets them.
     */
    @WithDefault("10s")
    Duration releaseTimeout();

    /**
     * Whether records that are CloudEvents become these very events: with `ce_` headers, or with the content type
     * `application/cloudevents+json`. Any other record becomes an event with the `id` `topic-partition-offset`, the time of the
     * record, and the content type of its header `content-type`. In both cases with the extensions `kafkatopic`,
     * `kafkapartition`, `kafkaoffset`, and the key as `partitionkey`, or in base64 as `kafkakeybase64` when it is no text. A
     * record without a value (a tombstone) is an event without data.
     */
    @WithDefault("true")
    boolean cloudevents();

    /** `type` of events made of plain records; `{topic}` is the topic's name. */
    @WithDefault("dev.emc.kafka.record")
    String type();

    /** `source` of events made of plain records; `{topic}` is the topic's name. */
    @WithDefault("/kafka/{topic}")
    String source();

    /** Content type of plain records that don't name theirs in a header. */
    Optional<String> contentType();

    /**
     * Which headers of plain records become extensions: `all`, `none`, or their names with commas between them. Names are written
     * in small letters without anything but letters and digits (`X-Request-Id`: `xrequestid`), after `header` where an attribute
     * has that name already (`type`: `headertype`); values that aren't UTF-8 are in base64.
     */
    @WithDefault("all")
    List<String> headers();

    /** Topic of the mesh to send to, in place of `mesh.topic`; `{topic}` is the name of Kafka's topic. */
    Optional<String> meshTopic();

    /** Encryption of the connection. */
    TlsSettings tls();

    /** The user to log in as. */
    SaslSettings sasl();

    /** Any property of Kafka's consumer by its own name, such as `max.partition.fetch.bytes`, but for those that emc sets itself. */
    @Secret
    Map<String, String> consumer();

    /** Where progress is kept. */
    enum Positions {
        KAFKA, REGISTRY
    }

    /** Which records of transactions are read. */
    enum Isolation {
        READ_COMMITTED, READ_UNCOMMITTED
    }
}
