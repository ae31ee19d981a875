package dev.emc.kit;

import java.nio.file.Path;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;

/** Encryption: the keys that a connector has under {@code tls}. */
@ConfigGroup
public interface TlsSettings {

    /** Whether to speak TLS. */
    @WithDefault("false")
    boolean enabled();

    /** Certificates to trust, a PEM file; when neither this nor `truststore` is set, those that Java trusts. */
    Optional<Path> ca();

    /** Own certificate with the chain that leads to it, a PEM file. */
    Optional<Path> certificate();

    /** Private key of the own certificate, a PEM file in PKCS#8. */
    Optional<Path> key();

    /** Password of the private key in `key`. */
    @Secret
    Optional<String> keyPassword();

    /** Own certificate and its private key in one file, PKCS#12 or JKS, in place of `certificate` and `key`. */
    Optional<Path> keystore();

    /** Password of the keystore and of the key in it. */
    @Secret
    Optional<String> keystorePassword();

    /** Certificates to trust, PKCS#12 or JKS, in place of `ca`. */
    Optional<Path> truststore();

    /** Password of the truststore. */
    @Secret
    Optional<String> truststorePassword();

    /** Whether the server's certificate must be for the host that was called. */
    @WithDefault("true")
    boolean verifyHost();
}
