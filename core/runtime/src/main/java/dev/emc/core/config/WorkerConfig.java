package dev.emc.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamKey;

/** The keys that every connector has. Keys under {@code connector} are the connector's own. */
@ConfigMapping(prefix = "emc")
@ConfigGroup
public interface WorkerConfig {

    /** Name of this worker, unique among the workers that share a registry; the connector's name when not set. */
    @UpstreamKey("connectorConfig.connectorName")
    Optional<String> name();

    /** The way to EventMesh. */
    Mesh mesh();

    /** How records are put together into batches. */
    Batch batch();

    /** How much may be under way at once. */
    InFlight inFlight();

    /** How a failed attempt is tried again. */
    Retry retry();

    /**
     * Which events to deliver: an expression of CloudEvents SQL, such as `type = 'order.created' AND EXISTS subject`. It sees
     * the attributes of an event as it was received. Events for which it isn't true are dropped and counted; it isn't for
     * an event that lacks an attribute that is asked for. All of them when not set.
     */
    Optional<String> filter();

    /**
     * What to change in each event that is delivered, in the order of the keys here. An attribute is any of CloudEvents'
     * (`type`, `subject`, `time`, `datacontenttype`, …) or an extension. An event that can't be changed so is one that
     * can't be delivered.
     */
    Transform transform();

    /** How fast to deliver at the most. */
    Rate rate();

    /**
     * What to do with a record that can't be delivered for good: `dead-letter` keeps it with the reason and goes on, `stop`
     * ends the worker with exit code 1, `drop` throws it away.
     */
    @WithDefault("dead-letter")
    OnError onError();

    /** Where records go that can't be delivered. */
    DeadLetterStore deadLetters();

    /** Stops the worker when so many records fail that it must be the outside system, not the records. */
    Breaker breaker();

    /**
     * Where a source keeps its progress, and by which it is the only active one of its name. Without effect on a source whose
     * outside system hands out the work and keeps the positions itself: its page says so.
     */
    RegistryStore registry();

    /** Stopping. */
    Shutdown shutdown();

    /** End with exit code 0 once nothing came for this long; when not set, run until told to stop. */
    Optional<Duration> untilIdle();

    /** Health, metrics and status over HTTP. */
    Http http();

    /** Logging. */
    Log log();

    /** OpenTelemetry traces. */
    Tracing tracing();

    /**
     * `relaxed` sends and writes in order but pipelined, so that a retry or the mesh may reorder; `strict` keeps one
     * record in flight.
     */
    @WithDefault("relaxed")
    Ordering ordering();

    /** The order of records. */
    enum Ordering {
        RELAXED, STRICT
    }

    /** What to do with a record that can't be delivered for good. */
    enum OnError {
        STOP, DEAD_LETTER, DROP
    }

    /** The way to EventMesh. */
    @ConfigGroup
    interface Mesh {

        /** Address of the EventMesh server's TCP port, `host:port`. */
        @WithDefault("127.0.0.1:10000")
        @UpstreamKey("pubSubConfig.meshAddress")
        String address();

        /** Topic to publish to; for a sink one or more topics to subscribe to, with commas between them. */
        @UpstreamKey("pubSubConfig.subject")
        List<String> topic();

        /** Group of this client: sinks of one group share the events. The worker's name when not set. */
        @UpstreamKey("pubSubConfig.group")
        Optional<String> group();

        /** `clustering` shares the events among the sinks of a group, `broadcasting` gives each sink all of them. */
        @WithDefault("clustering")
        Mode mode();

        /** Connections to the server; a real EventMesh takes about 2,000 messages a second on each. */
        @WithDefault("1")
        int sessions();

        /** Records sent to the server and not yet answered, at the most, on each connection. */
        @WithDefault("256")
        int window();

        /** How long to wait for the server's answer to a record before it is sent again. */
        @WithDefault("5s")
        Duration ackTimeout();

        /** How long to try to reach the server at the start before giving up. */
        @WithDefault("10s")
        Duration connectTimeout();

        /** Longest event in bytes, as it goes over the wire; the protocol's own limit is 4 MiB. */
        @WithDefault("4M")
        MemorySize maxEventSize();

        /** Environment that the client names to the server. */
        @WithDefault("PRD")
        @UpstreamKey("pubSubConfig.env")
        String env();

        /** Data centre that the client names to the server. */
        @WithDefault("DEFAULT")
        @UpstreamKey("pubSubConfig.idc")
        String idc();

        /** Subsystem that the client names to the server; EventMesh calls it appId. */
        @WithDefault("emc")
        @UpstreamKey("pubSubConfig.appId")
        String subsystem();

        /** User name for the server. */
        @UpstreamKey("pubSubConfig.userName")
        Optional<String> username();

        /** Password for the server. */
        @Secret
        @UpstreamKey("pubSubConfig.passWord")
        Optional<String> password();

        /** Who gets an event. */
        enum Mode {
            CLUSTERING, BROADCASTING
        }
    }

    /** How records are put together into batches. */
    @ConfigGroup
    interface Batch {

        /** Records in a batch, at the most. */
        @WithDefault("1000")
        @UpstreamKey("pollConfig.maxBatchSize")
        int maxRecords();

        /** Bytes in a batch, at the most; one longer record is a batch of its own. */
        @WithDefault("4M")
        MemorySize maxBytes();

        /** How long a batch may wait for more records; it goes at once when the stream is idle. */
        @WithDefault("0s")
        Duration linger();
    }

    /** How much may be under way at once. */
    @ConfigGroup
    interface InFlight {

        /**
         * Records taken in and not yet finished, at the most. In a source, records that the mesh has accepted and that wait for
         * an earlier one don't count, up to eight times as many.
         */
        @WithDefault("4096")
        @UpstreamKey("pollConfig.capacity")
        int maxRecords();

        /** Bytes taken in and not yet finished, at the most. */
        @WithDefault("32M")
        MemorySize maxBytes();
    }

    /** How a failed attempt is tried again. */
    @ConfigGroup
    interface Retry {

        /** How often to try a record in all before it counts as failed for good: a number, or `forever`. */
        @WithDefault("forever")
        String attempts();

        /** Wait before the first new attempt; it doubles with each one. */
        @WithDefault("100ms")
        Duration initialDelay();

        /** Longest wait between two attempts. */
        @WithDefault("30s")
        Duration maxDelay();
    }

    /** What to change in each event that is delivered, in the order of the keys here. */
    @ConfigGroup
    interface Transform {

        /**
         * New names of attributes, by their old names; all at once, so that two can swap theirs. A value that the new name has
         * is replaced; an event without the old name stays as it is.
         */
        Map<String, String> rename();

        /** Attributes to leave out. `id`, `source` and `type` can't be left out. */
        Optional<List<String>> drop();

        /** Values of attributes, always text, in place of what they have; `id` keeps its. `datacontenttype`: what the payload is. */
        Map<String, String> set();

        /** Takes a part of a JSON payload for the payload: a JSON pointer, such as `/order`. */
        Optional<String> pick();

        /**
         * Puts the payload into a new JSON object, as the value of this key, for example `order`. A payload that isn't JSON
         * becomes a JSON string, in base64 when it isn't text.
         */
        Optional<String> wrap();

        /**
         * `json` makes JSON text of the payload, as `wrap` does; `structured` puts the whole event into the payload as
         * CloudEvents JSON; `raw` takes the event in such a payload in place of the one that carries it, before anything else.
         */
        Optional<Convert> convert();

        /** Forms of the payload. */
        enum Convert {
            JSON, STRUCTURED, RAW
        }
    }

    /** How fast to deliver at the most. */
    @ConfigGroup
    interface Rate {

        /**
         * Records a second, at the most; as fast as it goes when not set. A sink takes in no more than goes in two seconds.
         */
        Optional<Double> recordsPerSecond();
    }

    /** Where records go that can't be delivered. */
    @ConfigGroup
    interface DeadLetterStore {

        /** `file` appends them to a file, `topic` publishes them to a topic of the mesh. */
        @WithDefault("file")
        Type type();

        /** Folder of the files, one for each worker; it is created with the first dead letter. */
        @WithDefault("var/dead-letters")
        Path path();

        /** Topic of the mesh with the type `topic`, for example `orders-dead`. */
        Optional<String> topic();

        /** Kinds of places for dead letters. */
        enum Type {
            FILE, TOPIC
        }
    }

    /** Stops the worker when so many records fail that it must be the outside system, not the records. */
    @ConfigGroup
    interface Breaker {

        /** Stop when so many of the last records failed for good; 0 never stops. */
        @WithDefault("25")
        int failures();

        /** How many of the last records to look at. */
        @WithDefault("30")
        int window();
    }

    /**
     * Where a source keeps its progress, and by which it is the only active one of its name. Without effect on a source whose
     * outside system hands out the work and keeps the positions itself: its page says so.
     */
    @ConfigGroup
    interface RegistryStore {

        /** Kind of the registry. */
        @WithDefault("file")
        Type type();

        /** Folder of the `file` registry; it is created when missing. */
        @WithDefault("var/registry")
        Path path();

        /** How often progress is saved while records flow; after a crash at most this much is sent again. */
        @WithDefault("200ms")
        Duration interval();

        /**
         * How long the lease of a source's name lasts unless it is renewed, which happens three times as often. After a crash a
         * standby takes over within two of these. The `file` registry needs no such time, because the system tells at once
         * when a process has ended.
         */
        @WithDefault("10s")
        Duration lease();

        /**
         * What a source does while another one of its name is active: `true` waits to take over from it, `false` ends with an
         * error. When not set, it waits with the type `redis` and ends with the type `file`.
         */
        Optional<Boolean> standby();

        /** The `redis` registry. */
        Redis redis();

        /** Kinds of registry: `file` and `redis` survive a crash, `memory` forgets with the process. */
        enum Type {
            FILE, REDIS, MEMORY
        }
    }

    /** The `redis` registry. */
    @ConfigGroup
    interface Redis extends RedisAccess {

        /** What all keys in the database begin with; `<prefix>:` has to be free of other things. */
        @WithDefault("emc")
        String prefix();

        /**
         * How many replicas must have what is saved before it counts: with 0 a failover of the server may lose what was saved last,
         * and records are sent again.
         */
        @WithDefault("0")
        int replicas();
    }

    /** Stopping. */
    @ConfigGroup
    interface Shutdown {

        /** How long to finish what is in flight after SIGTERM; the rest is delivered again next time. */
        @WithDefault("25s")
        Duration timeout();
    }

    /** Health, metrics and status over HTTP. */
    @ConfigGroup
    interface Http {

        /** Whether to serve health, metrics and status. */
        @WithDefault("true")
        boolean enabled();

        /** Address to listen on; `0.0.0.0` for all. */
        @WithDefault("127.0.0.1")
        String host();

        /** Port to listen on; when not set 8080, or any free one if that is taken. */
        Optional<Integer> port();
    }

    /** OpenTelemetry traces. */
    @ConfigGroup
    interface Tracing {

        /** Whether to send traces. The extensions `traceparent` and `tracestate` of events are carried on either way. */
        @WithDefault("false")
        boolean enabled();

        /**
         * Address of the collector for OTLP over HTTP, for example `http://collector:4318`. When not set that of the variable
         * OTEL_EXPORTER_OTLP_ENDPOINT, else `http://127.0.0.1:4318`.
         */
        Optional<String> endpoint();

        /** HTTP headers for the collector, in addition to those of the variable OTEL_EXPORTER_OTLP_HEADERS. */
        @Secret
        Map<String, String> headers();

        /** Name of the service in traces; when not set that of the variable OTEL_SERVICE_NAME, else the worker's name. */
        Optional<String> serviceName();

        /** Which part of the traces that begin here is recorded, from 0 to 1. A trace that began elsewhere goes on as it began. */
        @WithDefault("1")
        double sampling();

        /** Spans a second that are recorded, at the most, so that traces cost the same at any load. */
        @WithDefault("100")
        int spansPerSecond();
    }

    /** Logging. */
    @ConfigGroup
    interface Log {

        /** `human` for people, `json` for machines: one object a line. */
        @WithDefault("human")
        Format format();

        /** Least severe level to print: DEBUG, INFO, WARN or ERROR. */
        @WithDefault("INFO")
        Level level();

        /** How a log line looks. */
        enum Format {
            HUMAN, JSON
        }

        /** Severity. */
        enum Level {
            DEBUG, INFO, WARN, ERROR
        }
    }
}
