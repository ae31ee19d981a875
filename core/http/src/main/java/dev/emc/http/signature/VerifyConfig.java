package dev.emc.http.signature;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamKey;

/** Keys of a connector whose callers have to show who they are. */
@ConfigGroup
public interface VerifyConfig {

    /**
     * How callers show who they are: `basic` (`user`, `password`), `bearer` and `api-key` (one of `secrets`), or a signature with
     * one of `secrets` as `github`, `stripe`, `slack` or `standard-webhooks` make it, or any `hmac` of the body in `header`.
     */
    @WithDefault("none")
    Scheme scheme();

    /** Tokens, keys or secrets of signatures. Each one is valid, so that a new one can come before the old one goes. */
    @Secret
    @UpstreamKey("connectorConfig.extraConfig.secret")
    Optional<List<String>> secrets();

    /** User for `basic`. */
    Optional<String> user();

    /** Password for `basic`. */
    @Secret
    Optional<String> password();

    /** Header for `api-key` (`X-API-Key` when not set) and `hmac` (`X-Signature` when not set). */
    Optional<String> header();

    /** What stands before the signature of `hmac` in its header, such as `sha256=`. */
    Optional<String> prefix();

    /** Hash function of `hmac`. */
    @WithDefault("sha256")
    HmacSettings.Algorithm algorithm();

    /** How the signature of `hmac` is written. */
    @WithDefault("hex")
    HmacSettings.Encoding encoding();

    /** How far the time in a signature (`stripe`, `slack`, `standard-webhooks`) may be from now. */
    @WithDefault("5m")
    Duration tolerance();
}
