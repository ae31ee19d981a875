package dev.emc.kafka;

import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;

import dev.emc.api.Secret;

/** Who logs in at the brokers: the keys under {@code sasl}. */
@ConfigGroup
public interface SaslSettings {

    /**
     * How to log in: `plain`, `scram-sha-256` or `scram-sha-512` with `username` and `password`. For others, such as OAUTHBEARER,
     * write Kafka's own `sasl.*` properties under `connector.consumer` or `connector.producer`.
     */
    Optional<Mechanism> mechanism();

    /** Name of the user to log in as. */
    Optional<String> username();

    /** Password of that user. */
    @Secret
    Optional<String> password();

    /** Ways to log in. */
    enum Mechanism {
        PLAIN, SCRAM_SHA_256, SCRAM_SHA_512
    }
}
