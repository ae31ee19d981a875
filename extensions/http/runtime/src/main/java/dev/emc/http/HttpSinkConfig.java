package dev.emc.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;
import dev.emc.http.client.AuthConfig;
import dev.emc.http.client.ClientConfig;
import dev.emc.http.client.HttpSender;
import dev.emc.kit.TlsSettings;

/** Keys of the HTTP sink. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
@UpstreamIgnored(key = "connectorConfig.keepAlive", because = "connections are kept as long as the server allows")
@UpstreamIgnored(key = "connectorConfig.keepAliveTimeout", because = "connections are kept as long as the server allows")
@UpstreamIgnored(key = "connectorConfig.idleTimeout", because = "http.timeout bounds a request with its answer")
@UpstreamIgnored(key = "connectorConfig.maxConnectionPoolSize", because = "there are as many connections as requests at a time: parallel")
@UpstreamIgnored(key = "connectorConfig.parallelized", because = "parallel: 1 sends one after the other")
@UpstreamIgnored(key = "connectorConfig.isParallelized", because = "parallel: 1 sends one after the other")
@UpstreamIgnored(key = "connectorConfig.skipDeliverException", because = "on-error says what becomes of events that can't be delivered")
@UpstreamIgnored(key = "connectorConfig.retryConfig.maxRetries", because = "retry.attempts says it, for ever by default")
@UpstreamIgnored(key = "connectorConfig.retryConfig.interval", because = "retry.initial-delay and retry.max-delay say it")
@UpstreamIgnored(key = "connectorConfig.retryConfig.retryOnNonSuccess", because = "408, 425, 429 and 5xx are tried again, the others of retry-also, too")
@UpstreamIgnored(key = "connectorConfig.webhookConfig.activate", because = "the status of deliveries is in the metrics and in the dead letters")
@UpstreamIgnored(key = "connectorConfig.webhookConfig.exportPath", because = "the status of deliveries is in the metrics and in the dead letters")
@UpstreamIgnored(key = "connectorConfig.webhookConfig.port", because = "the status of deliveries is in the metrics and in the dead letters")
@UpstreamIgnored(key = "connectorConfig.webhookConfig.serverIdleTimeout", because = "the status of deliveries is in the metrics and in the dead letters")
@UpstreamIgnored(key = "connectorConfig.webhookConfig.maxStorageSize", because = "the status of deliveries is in the metrics and in the dead letters")
public interface HttpSinkConfig {

    /**
     * Where to send events, such as `https://example.com/hooks?source=mesh`. Templates: `https://example.com/{type}/{/customer/id}`;
     * what is filled in is percent-encoded. A template for the host needs `allowed-hosts`.
     */
    @UpstreamKey("connectorConfig.urls")
    List<String> urls();

    /** With several URLs: `round-robin` sends each event to one of them, in turn, `broadcast` to all of them. */
    @WithDefault("round-robin")
    @UpstreamKey("connectorConfig.deliveryStrategy")
    Strategy delivery();

    /**
     * How events stand in requests: `binary` (CloudEvents, attributes as headers `ce-…`), `structured` (CloudEvents JSON), `batch`
     * (several events as one JSON array), `plain` (the payload alone, or what `body` says).
     */
    @WithDefault("binary")
    Format format();

    /** Method of the requests: POST, PUT, PATCH, DELETE or GET. */
    @WithDefault("POST")
    String method();

    /** Headers to send, templates: `X-Tenant: "{subject}"`. */
    Map<String, String> headers();

    /**
     * Template of the body with `format: plain`, in place of the payload. In JSON, what stands within quotes
     * is filled in as text (`{"title": "New: {subject}"}`), what stands elsewhere as a JSON value (`{"order": {data}}`).
     */
    Optional<String> body();

    /** Content type of the `body`. */
    @WithDefault("application/json")
    String contentType();

    /** Header that gets the event's id, so that the server can tell repetitions; `none` for none. */
    @WithDefault("Idempotency-Key")
    String idHeader();

    /** Requests under way at a time. */
    @WithDefault("8")
    @UpstreamKey("connectorConfig.parallelism")
    int parallel();

    /** Template of a key: events with the same one are sent one after the other, in order. Without it, order is not kept. */
    Optional<String> key();

    /** Events of a request with `format: batch` at the most. */
    @WithDefault("100")
    int batchSize();

    /**
     * What it means when credentials are refused (401, 403, 407): `fatal` stops the worker, `retry` tries again until somebody has
     * mended it, `permanent` gives the event up.
     */
    @WithDefault("fatal")
    HttpSender.Refusal refused();

    /** Statuses to be tried again beside 408, 425, 429 and 5xx, for example `404,409`. */
    Optional<List<Integer>> retryAlso();

    /** Hosts that a templated host may be: `api.example.com`, `*.example.com`, or `*` for all that have public addresses. */
    Optional<List<String>> allowedHosts();

    /** Whether a templated host may have an address of this machine or of a private network. */
    @WithDefault("false")
    boolean allowPrivate();

    /** Credentials to show. */
    AuthConfig auth();

    /** How to send. */
    ClientConfig http();

    /** Encryption, for URLs with `https`. Needed only for certificates of your own. */
    TlsSettings tls();

    /** Which of several URLs get an event. */
    enum Strategy {
        ROUND_ROBIN, BROADCAST
    }

    /** How events stand in requests. */
    enum Format {
        BINARY, STRUCTURED, BATCH, PLAIN
    }
}
