package dev.emc.redis;

import java.nio.file.Path;
import java.util.Optional;

import dev.emc.kit.TlsSettings;

/** Settings of TLS that is on because of the URL. */
record TlsOn(TlsSettings settings) implements TlsSettings {

    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public Optional<Path> ca() {
        return settings.ca();
    }

    @Override
    public Optional<Path> certificate() {
        return settings.certificate();
    }

    @Override
    public Optional<Path> key() {
        return settings.key();
    }

    @Override
    public Optional<String> keyPassword() {
        return settings.keyPassword();
    }

    @Override
    public Optional<Path> keystore() {
        return settings.keystore();
    }

    @Override
    public Optional<String> keystorePassword() {
        return settings.keystorePassword();
    }

    @Override
    public Optional<Path> truststore() {
        return settings.truststore();
    }

    @Override
    public Optional<String> truststorePassword() {
        return settings.truststorePassword();
    }

    @Override
    public boolean verifyHost() {
        return settings.verifyHost();
    }
}
