package dev.emc.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;
import dev.emc.http.client.AuthConfig;
import dev.emc.http.client.ClientConfig;
import dev.emc.http.server.ServerConfig;
import dev.emc.http.signature.VerifyConfig;
import dev.emc.kit.TlsSettings;

/** Keys of the HTTP source. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
@UpstreamIgnored(key = "connectorConfig.dataConsistencyEnabled", because = "callers get 2xx once the mesh has the event; answer: received gives 202 before")
@UpstreamIgnored(key = "connectorConfig.maxFormAttributeSize", because = "server.max-body bounds the whole body")
@UpstreamIgnored(key = "connectorConfig.batchSize", because = "requests are taken in as they come, batch.max-records bounds a batch")
@UpstreamIgnored(key = "connectorConfig.extraConfig.contentType", because = "every content type is taken")
public interface HttpSourceConfig {

    /** `push` waits for requests, `poll` asks the servers in `poll.urls` for what is new. */
    @WithDefault("push")
    Mode mode();

    /** Port for requests with `push`; 0 for any free one. Health and metrics have their own, `http.port`. */
    @WithDefault("8081")
    @UpstreamKey("connectorConfig.port")
    int port();

    /** Path that requests are taken at with `push`; all others are answered with 404, but those of `routes`. */
    @WithDefault("/")
    @UpstreamKey("connectorConfig.path")
    String path();

    /** More paths with types, topics and secrets of their own. */
    Routes routes();

    /** Methods of requests to take; others are answered with 405. */
    @WithDefault("POST,PUT")
    List<String> methods();

    /**
     * When a caller gets its answer: `accepted` answers 200 once the mesh has the event, `received` answers 202 at once. What was
     * only received is lost when the worker or the mesh dies (at most once).
     */
    @WithDefault("accepted")
    AnswerWhen answer();

    /**
     * What requests are: `auto` takes CloudEvents (binary, structured, batch) as such and all else as the payload of an event;
     * `cloudevent` refuses all else with 415; `common` takes everything as payload; `github` is `auto` for webhooks of GitHub:
     * the delivery is the id and `com.github.push` and the like the type, and `auth.secrets` check the signature.
     */
    @WithDefault("auto")
    @UpstreamKey("connectorConfig.protocol")
    Protocol protocol();

    /**
     * Headers with the id of a plain request, the first that is there counts. A request that comes again with the same id makes
     * an event with the same id. Without any the event gets a random one: the caller that has to send again can't be known then.
     */
    @WithDefault("Idempotency-Key,webhook-id,X-GitHub-Delivery")
    List<String> idHeaders();

    /** Type of the events of plain requests. */
    @WithDefault("dev.emc.http.request")
    String type();

    /** `json` makes a JSON object of the fields of a form (`application/x-www-form-urlencoded`), `keep` leaves it as it is. */
    @WithDefault("json")
    Forms forms();

    /** Headers of plain requests to keep: names of extensions with the headers that they get, `tenant: X-Tenant`. */
    Map<String, String> headers();

    /** Requests that may wait to be read; for more the answer is 429 with Retry-After. */
    @WithDefault("1000")
    @UpstreamKey("connectorConfig.maxStorageSize")
    int maxWaiting();

    /** Who may call. */
    VerifyConfig auth();

    /** The handshake of CloudEvents' webhooks. */
    Webhook webhook();

    /** Limits of the server with `push`. */
    ServerConfig server();

    /** Encryption: of the own server with `push`, of the connections to others with `poll`. */
    TlsSettings tls();

    /** What to ask for with `poll`. */
    Poll poll();

    /** Where events come from. */
    enum Mode {
        PUSH, POLL
    }

    /** When callers get their answers. */
    enum AnswerWhen {
        ACCEPTED, RECEIVED
    }

    /** What requests are. */
    enum Protocol {
        AUTO, CLOUDEVENT, COMMON, GITHUB
    }

    /** What becomes of forms. */
    enum Forms {
        JSON, KEEP
    }

    /** More paths, each under a name. */
    @ConfigGroup
    interface Routes {

        /** Names with their paths: `orders: /hooks/orders`. */
        Map<String, String> paths();

        /** Names with the type of their events; `type` for those without. */
        Map<String, String> types();

        /** Names with the topic of their events; `mesh.topic` for those without. */
        Map<String, String> topics();

        /** Names with the scheme that callers have to show, as in `auth.scheme`; `auth` holds for those without. */
        Map<String, String> schemes();

        /** Names with the secrets of their schemes, with spaces between several. */
        @Secret
        Map<String, String> secrets();
    }

    /** The handshake of CloudEvents' webhooks. */
    @ConfigGroup
    interface Webhook {

        /** Origins that may send when they ask for it (OPTIONS with WebHook-Request-Origin); `*` for all, none when not set. */
        Optional<List<String>> origins();

        /** Requests a minute that they may send; as many as they like when not set. */
        Optional<Integer> rate();
    }

    /** What to ask for. */
    @ConfigGroup
    interface Poll {

        /** URLs to ask. */
        Optional<List<String>> urls();

        /** How long from one round to the next. */
        @WithDefault("1m")
        Duration interval();

        /**
         * JSON pointer to the array of items in an answer, such as `/data/items`, or `/` when the answer is one itself: each item is
         * an event. When not set, the whole answer is one.
         */
        Optional<String> items();

        /** JSON pointer to the id in an item: an item with a known id isn't sent again. By default its content says what it is. */
        Optional<String> id();

        /**
         * How to get further pages: `link` by the header Link with rel=next, `cursor` by the text at `cursor` in the answer, sent
         * as the parameter `parameter`, `page` by counting `parameter` up until a page has no items.
         */
        @WithDefault("none")
        Pages pages();

        /** JSON pointer to the cursor of the next page. */
        Optional<String> cursor();

        /** Query parameter for the cursor or the number of a page; `cursor` or `page` when not set. */
        Optional<String> parameter();

        /** Number of the first page. */
        @WithDefault("1")
        int firstPage();

        /**
         * With `pages: cursor`: go on at the last cursor in the next round, as feeds of changes want it, and not at the beginning.
         */
        @WithDefault("false")
        boolean resume();

        /** Most pages of a round. */
        @WithDefault("1000")
        int maxPages();

        /** Ids to remember for each URL, at least as many as a round has items. */
        @WithDefault("10000")
        int remember();

        /** Headers to send. */
        Map<String, String> headers();

        /** Credentials to show. */
        AuthConfig auth();

        /** How to ask. */
        ClientConfig client();

        /** How to get further pages. */
        enum Pages {
            NONE, LINK, CURSOR, PAGE
        }
    }
}
