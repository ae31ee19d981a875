package dev.emc.kafka;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;

import dev.emc.api.Secret;

/** Who logs in at the brokers: the keys under {@code sasl}. */
@ConfigGroup
public interface SaslSettings {

    /**
     * How to log in: `plain`, `scram-sha-256` or `scram-sha-512` with `username` and `password`; `oauthbearer` with a token that
     * `token-url` gives for `client-id` and `client-secret`. For others, such as GSSAPI, write Kafka's own `sasl.*` properties under
     * `connector.consumer` or `connector.producer`.
     */
    Optional<Mechanism> mechanism();

    /** Name of the user to log in as. */
    Optional<String> username();

    /** Password of that user. */
    @Secret
    Optional<String> password();

    /**
     * Token endpoint that `oauthbearer` gets its tokens from (OpenID Connect, client credentials), such as
     * `https://keycloak:8443/realms/main/protocol/openid-connect/token`. The tokens have to be JWTs with the claims `sub` and `exp`;
     * they are renewed in time.
     */
    Optional<String> tokenUrl();

    /** Client id for `oauthbearer`. */
    Optional<String> clientId();

    /** Client secret for `oauthbearer`. */
    @Secret
    Optional<String> clientSecret();

    /** Scopes to ask for with `oauthbearer`, with spaces between them; for Azure Event Hubs `https://NAMESPACE.servicebus.windows.net/.default`. */
    Optional<String> scope();

    /** What else `oauthbearer` tells the brokers, by its names: `logicalCluster` and `identityPoolId` for Confluent Cloud. */
    Map<String, String> extensions();

    /**
     * Certificates to trust at the token endpoint, a PEM file; when not set, those that Java trusts, whatever `connector.tls` says for
     * the brokers.
     */
    Optional<Path> tokenCa();

    /** Ways to log in. */
    enum Mechanism {
        PLAIN, SCRAM_SHA_256, SCRAM_SHA_512, OAUTHBEARER;

        /** As in the configuration. */
        String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
