package dev.emc.kafka;

import java.security.KeyStore;
import java.util.Map;
import java.util.Set;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import org.apache.kafka.common.security.auth.SslEngineFactory;

/** Gives Kafka's clients the TLS that the kit has set up. Kafka makes it by its class. */
public final class KafkaTls implements SslEngineFactory {

    /** The client's property that holds the {@link SSLContext}. */
    static final String CONTEXT = "emc.tls.context";

    private SSLContext context;

    @Override
    public void configure(Map<String, ?> properties) {
        context = (SSLContext) properties.get(CONTEXT);
    }

    @Override
    public SSLEngine createClientSslEngine(String host, int port, String endpointIdentification) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public SSLEngine createServerSslEngine(String host, int port) {
        throw new UnsupportedOperationException("emc is a client of Kafka");
    }

    @Override
    public boolean shouldBeRebuilt(Map<String, Object> properties) {
        return false;
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return Set.of();
    }

    @Override
    public KeyStore keystore() {
        return null; // only servers are asked
    }

    @Override
    public KeyStore truststore() {
        return null;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
