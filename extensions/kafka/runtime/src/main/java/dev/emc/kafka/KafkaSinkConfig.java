package dev.emc.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;
import dev.emc.kit.TlsSettings;

/** Keys of the Kafka sink. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
@UpstreamIgnored(key = "connectorConfig.ack", because = "every record is on all in-sync replicas before it is acknowledged")
@UpstreamIgnored(key = "connectorConfig.retries", because = "writing is tried again until connector.delivery-timeout, and then by the worker (retry.attempts)")
@UpstreamIgnored(key = "connectorConfig.maxInFightRequestsPerConnection", because = "the idempotent producer keeps the order with five")
@UpstreamIgnored(key = "connectorConfig.keyConverter", because = "keys are written as UTF-8")
@UpstreamIgnored(key = "connectorConfig.valueConverter", because = "payloads are written byte by byte")
public interface KafkaSinkConfig {

    /** Brokers to begin with, `host:port` with commas between them; the others are found through these. */
    @UpstreamKey("connectorConfig.bootstrapServers")
    List<String> bootstrapServers();

    /**
     * Topic to write to: a name, or one that each event fills in, such as `orders-{type}`, `{subject|none}` or
     * `{/customer/country}`. An event whose topic isn't there, or can't be one, becomes a dead letter; a name without braces has to
     * be there at the start.
     */
    @UpstreamKey("connectorConfig.topic")
    String topic();

    /**
     * Key of the records, which decides about the partition, with the placeholders of `connector.topic`; none where that is empty,
     * as with `{/customer/id|}`. By default the event's `partitionkey` (or `kafkakeybase64`, decoded).
     */
    Optional<String> key();

    /**
     * `binary` writes the payload as it is and the attributes as headers (`ce_id`, …, the content type as `content-type`);
     * `structured` writes the whole event as CloudEvents JSON; `data` writes the payload and no attributes.
     */
    @WithDefault("binary")
    Format format();

    /** Further headers by their names, with the placeholders of `connector.topic`. */
    Map<String, String> headers();

    /** What an event without data becomes: `tombstone` a record without a value, `empty` one with an empty value. Not with `structured`. */
    @WithDefault("tombstone")
    NoData noData();

    /** Time of the records: `now`, or the one of the `event`; mind that retention goes by it. */
    @WithDefault("now")
    Timestamp timestamp();

    /** Whether each batch is one transaction: whoever reads with `read_committed` sees all of it or nothing. */
    @WithDefault("false")
    boolean transactions();

    /**
     * Transactional id, with `connector.transactions: true`; each worker needs one of its own that stays the same over restarts. By
     * default the worker's name and the host's.
     */
    Optional<String> transactionalId();

    /** Compression of the batches that are sent. */
    @WithDefault("none")
    @UpstreamKey("connectorConfig.compressionType")
    Compression compression();

    /** How long a record is tried, brokers that don't answer included, before the worker is told and tries its batch again. */
    @WithDefault("20s")
    Duration deliveryTimeout();

    /** How long to wait for an answer to one request, and for a topic that isn't known yet. */
    @WithDefault("10s")
    @UpstreamKey("connectorConfig.requestTimeoutMs")
    Duration requestTimeout();

    /** Longest record that is sent, before compression; the topic may take less (`max.message.bytes`). */
    @WithDefault("1M")
    @UpstreamKey("connectorConfig.maxRequestSize")
    MemorySize maxRecordBytes();

    /**
     * Size of the producer's batches per partition. Where a topic takes less (`max.message.bytes`), the sink finds that out with its
     * first batches and makes all of them smaller.
     */
    @WithDefault("64K")
    @UpstreamKey("connectorConfig.batchSize")
    MemorySize producerBatchSize();

    /** How long the producer waits for a batch to fill. The worker's own batches are complete when they come here. */
    @WithDefault("0ms")
    @UpstreamKey("connectorConfig.lingerMs")
    Duration linger();

    /** Memory of the producer for what is being sent. */
    @WithDefault("32M")
    @UpstreamKey("connectorConfig.bufferMemory")
    MemorySize bufferMemory();

    /** Encryption of the connection. */
    TlsSettings tls();

    /** The user to log in as. */
    SaslSettings sasl();

    /** Any property of Kafka's producer by its own name, such as `partitioner.class`, but for those that emc sets itself. */
    @Secret
    Map<String, String> producer();

    /** How events become records. */
    enum Format {
        BINARY, STRUCTURED, DATA
    }

    /** What events without data become. */
    enum NoData {
        TOMBSTONE, EMPTY
    }

    /** Where the time of a record comes from. */
    enum Timestamp {
        NOW, EVENT
    }

    /** Compression of records. */
    enum Compression {
        NONE, GZIP, SNAPPY, LZ4, ZSTD
    }
}
