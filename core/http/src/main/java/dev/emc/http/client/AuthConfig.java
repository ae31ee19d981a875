package dev.emc.http.client;

import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.http.signature.HmacSettings;

/** Keys of a connector that has to show who it is. */
@ConfigGroup
public interface AuthConfig {

    /**
     * How to show who sends: `basic` (`user`, `password`), `bearer` (`token`), `api-key` (`token` in `header`), `oauth2` (client
     * credentials: `token-url`, `client-id`, `client-secret`), or a signature with `secret` as `github`, `stripe`, `slack`,
     * `standard-webhooks` or, in `header`, any `hmac` of the body.
     */
    @WithDefault("none")
    Type type();

    /** User for `basic`. */
    Optional<String> user();

    /** Password for `basic`. */
    @Secret
    Optional<String> password();

    /** Token for `bearer`, key for `api-key`. */
    @Secret
    Optional<String> token();

    /** Header for `api-key` (`X-API-Key` when not set) and `hmac` (`X-Signature` when not set). */
    Optional<String> header();

    /** Where `oauth2` gets its tokens. */
    Optional<String> tokenUrl();

    /** Client id for `oauth2`. */
    Optional<String> clientId();

    /** Client secret for `oauth2`. */
    @Secret
    Optional<String> clientSecret();

    /** Scopes to ask for with `oauth2`, with spaces between them. */
    Optional<String> scope();

    /** Audience to ask for with `oauth2`, where the server wants one. */
    Optional<String> audience();

    /** Whether `oauth2` sends client id and secret in a `header` (HTTP Basic) or in the `body`. */
    @WithDefault("header")
    Place credentialsIn();

    /** Secret of a signature. */
    @Secret
    Optional<String> secret();

    /** What stands before the signature of `hmac` in its header, such as `sha256=`. */
    Optional<String> prefix();

    /** Hash function of `hmac`. */
    @WithDefault("sha256")
    HmacSettings.Algorithm algorithm();

    /** How the signature of `hmac` is written. */
    @WithDefault("hex")
    HmacSettings.Encoding encoding();

    /** How to show who sends. */
    enum Type {
        NONE, BASIC, BEARER, API_KEY, OAUTH2, GITHUB, STRIPE, SLACK, STANDARD_WEBHOOKS, HMAC
    }

    /** Where credentials stand. */
    enum Place {
        HEADER, BODY
    }
}
