package dev.emc.slack;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamKey;
import dev.emc.http.server.ServerConfig;
import dev.emc.kit.TlsSettings;

/** Keys of the Slack source. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
public interface SlackSourceConfig {

    /** Port that Slack, or the proxy in front, sends to. */
    @WithDefault("8000")
    @UpstreamKey("connectorConfig.port")
    int port();

    /**
     * Path of the request URL in the app's settings, for events, slash commands and interactive components alike.
     */
    @WithDefault("/slack/events")
    @UpstreamKey("connectorConfig.path")
    String path();

    /** Signing secret of the app. Several are all valid, so that a new one can come before the old one goes. */
    @Secret
    @UpstreamKey("connectorConfig.signingSecret")
    List<String> signingSecret();

    /** How far the time of a signature may be from now. */
    @WithDefault("5m")
    Duration tolerance();

    /** What the types of events begin with: `com.slack.message`, `com.slack.slash_command`. */
    @WithDefault("com.slack.")
    String typePrefix();

    /** The events to take, such as `message` and `reaction_added`; all when not set. The others are answered and left. */
    Optional<List<String>> events();

    /** Takes messages of bots, too. A bot that posts what comes from here would answer itself for ever. */
    @WithDefault("true")
    boolean bots();

    /** Events whose ids are remembered, so that one that Slack sends again is sent to the mesh only once; 0 for none. */
    @WithDefault("10000")
    int remember();

    /**
     * How long Slack waits for its answer: after that it is told to send the event again. Slack itself gives up after 3 seconds.
     */
    @WithDefault("2500ms")
    Duration answerWithin();

    /** Requests that may wait to be read; more are told to come again. */
    @WithDefault("1000")
    int maxWaiting();

    /** The server that Slack sends to. */
    ServerConfig server();

    /** Encryption. Slack sends to `https` only: TLS ends here, or at the proxy in front. */
    TlsSettings tls();
}
