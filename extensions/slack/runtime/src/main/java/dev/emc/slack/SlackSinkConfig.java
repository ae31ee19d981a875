package dev.emc.slack;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamKey;
import dev.emc.http.client.ClientConfig;
import dev.emc.kit.TlsSettings;

/**
 * Keys of the Slack sink. Those called templates are filled in by each event: `{subject}`, `{type}`, any attribute,
 * `{/json/pointer}` into the payload, `{data}` for all of it; a default stands after a bar, as in `{subject|none}`.
 */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
public interface SlackSinkConfig {

    /**
     * What an event becomes: a `message` that a bot posts or updates (`token`), one that an incoming `webhook` posts
     * (`webhook-url`), or a `file` that a bot uploads (`token`).
     */
    @WithDefault("message")
    Mode mode();

    /** The bot's token, `xoxb-…`, with the scope `chat:write` (for files `files:write`). */
    @Secret
    @UpstreamKey("connectorConfig.appToken")
    Optional<String> token();

    /** Id of the channel, `C…`, or its name for messages, a template. */
    @UpstreamKey("connectorConfig.channelId")
    Optional<String> channel();

    /** URL of the incoming webhook, which is a secret. */
    @Secret
    @UpstreamKey("connectorConfig.webhookUrl")
    Optional<String> webhookUrl();

    /**
     * Where the message comes from: made of the `template`s here, or the `payload` is one already, a JSON object as Slack's
     * `chat.postMessage` takes it.
     */
    @WithDefault("template")
    Content content();

    /** Text of the message, of the notification when there are blocks, or of what is said about a file; a template. */
    @WithDefault("{data}")
    String text();

    /** Blocks of the message, a JSON array with placeholders inside of its strings; a template. */
    Optional<String> blocks();

    /** Writes `&`, `<` and `>` in values so that they appear as they are, and mention nobody. The text around them stays. */
    @WithDefault("true")
    boolean escape();

    /** What becomes of a text of more than 40,000 characters: a dead letter, or it is cut. */
    @WithDefault("refuse")
    TooLong tooLong();

    /** The message to reply to, its `ts`, a template; nothing there: no reply. */
    Optional<String> threadTs();

    /** Shows a reply in the channel, too. */
    @WithDefault("false")
    boolean replyBroadcast();

    /** The message to change, its `ts`, a template; nothing there: a new one. */
    Optional<String> updateTs();

    /** Name to post under, a template; needs the scope `chat:write.customize`. */
    Optional<String> username();

    /** Emoji to post with, such as `:robot_face:`, a template; needs the scope `chat:write.customize`. */
    Optional<String> iconEmoji();

    /** Shows what links lead to. */
    @WithDefault("true")
    boolean unfurl();

    /** Attaches the event's id, type and source to the message as metadata, for programs that read the channel. */
    @WithDefault("true")
    boolean metadata();

    /** Name of the file, a template. */
    @WithDefault("{id}")
    String fileName();

    /** Title of the file, a template; its name when not set. */
    Optional<String> fileTitle();

    /** Least time between two messages to one channel; Slack allows one a second. What comes sooner waits, others go on. */
    @WithDefault("1s")
    Duration interval();

    /** Requests under way at a time, each to another channel. */
    @WithDefault("4")
    int parallel();

    /** Where Slack's Web API is. */
    @WithDefault("https://slack.com/api")
    String url();

    /** Connections. */
    ClientConfig client();

    /** Encryption, where an own proxy or certificate authority stands in between. */
    TlsSettings tls();

    /** Kinds of things to make. */
    enum Mode {
        MESSAGE, WEBHOOK, FILE
    }

    /** Where a message comes from. */
    enum Content {
        TEMPLATE, PAYLOAD
    }

    /** What to do with texts that are too long. */
    enum TooLong {
        REFUSE, TRUNCATE
    }
}
