package dev.emc.kit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

import dev.emc.api.ConfigProblem;
import dev.emc.api.FatalException;

/** Makes of {@link TlsSettings} what clients and servers in Java take. */
public final class Tls {

    private Tls() {}

    /**
     * What is wrong with the settings, offline.
     *
     * @param prefix of their keys, such as {@code tls}
     */
    public static List<ConfigProblem> check(String prefix, TlsSettings tls) {
        List<ConfigProblem> problems = new ArrayList<>();
        file(prefix + ".ca", tls.ca(), tls, problems);
        file(prefix + ".certificate", tls.certificate(), tls, problems);
        file(prefix + ".key", tls.key(), tls, problems);
        file(prefix + ".keystore", tls.keystore(), tls, problems);
        file(prefix + ".truststore", tls.truststore(), tls, problems);
        if (tls.ca().isPresent() && tls.truststore().isPresent()) {
            problems.add(new ConfigProblem(prefix + ".truststore", "can't stand beside " + prefix + ".ca", "keep one of them"));
        }
        if (tls.certificate().isPresent() && tls.keystore().isPresent()) {
            problems.add(new ConfigProblem(prefix + ".keystore", "can't stand beside " + prefix + ".certificate",
                    "keep one of them"));
        }
        if (tls.certificate().isPresent() && tls.key().isEmpty()) {
            problems.add(new ConfigProblem(prefix + ".certificate", "needs its private key", "set " + prefix + ".key"));
        }
        if (tls.key().isPresent() && tls.certificate().isEmpty()) {
            problems.add(new ConfigProblem(prefix + ".key", "needs the certificate it belongs to",
                    "set " + prefix + ".certificate"));
        }
        return problems;
    }

    private static void file(String key, Optional<Path> file, TlsSettings tls, List<ConfigProblem> problems) {
        if (file.isEmpty()) {
            return;
        }
        if (!tls.enabled()) {
            String enabled = key.substring(0, key.lastIndexOf('.')) + ".enabled";
            problems.add(new ConfigProblem(key, "has no effect without TLS", "set " + enabled + " to true"));
        } else if (!Files.isReadable(file.get())) {
            problems.add(new ConfigProblem(key, "there is no file " + file.get() + " that this user may read"));
        }
    }

    /**
     * What a client needs.
     *
     * @throws FatalException when a file can't be used; the message says which
     */
    public static SSLContext client(TlsSettings tls) throws FatalException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = keys(tls);
            TrustManager[] trusted = trusted(tls).getTrustManagers();
            if (!tls.verifyHost()) {
                trusted = new TrustManager[]{new AnyHost((X509TrustManager) trusted[0])};
            }
            context.init(keys == null ? null : keys.getKeyManagers(), trusted, null);
            return context;
        } catch (GeneralSecurityException wrong) {
            throw new FatalException("TLS can't be set up: " + wrong.getMessage(), wrong);
        }
    }

    /** The own certificate and its key; null when there is none. */
    public static KeyManagerFactory keys(TlsSettings tls) throws FatalException {
        if (tls.keystore().isPresent()) {
            char[] password = tls.keystorePassword().map(String::toCharArray).orElse(null);
            KeyStore store = load(tls.keystore().get(), password);
            try {
                KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, password);
                return keys;
            } catch (GeneralSecurityException wrong) {
                throw unusable(tls.keystore().get(), wrong);
            }
        }
        if (tls.certificate().isEmpty()) {
            return null;
        }
        Path certificate = tls.certificate().get();
        Path key = tls.key().orElseThrow(() -> new FatalException("tls.certificate needs its private key: set tls.key"));
        return PemKeys.load(certificate, key, tls.keyPassword().orElse(null));
    }

    /**
     * What a server needs that shows its own certificate and, when {@code ca} or {@code truststore} is set, can ask callers for
     * theirs.
     *
     * @throws FatalException when a file can't be used, or there is no own certificate
     */
    public static SSLContext server(TlsSettings tls) throws FatalException {
        KeyManagerFactory keys = keys(tls);
        if (keys == null) {
            throw new FatalException("a server needs a certificate for TLS: set tls.certificate and tls.key, or tls.keystore");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusted(tls).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException wrong) {
            throw new FatalException("TLS can't be set up: " + wrong.getMessage(), wrong);
        }
    }

    /** Whom to trust. */
    public static TrustManagerFactory trusted(TlsSettings tls) throws FatalException {
        KeyStore store = null;
        if (tls.truststore().isPresent()) {
            store = load(tls.truststore().get(), tls.truststorePassword().map(String::toCharArray).orElse(null));
        } else if (tls.ca().isPresent()) {
            store = PemKeys.certificates(tls.ca().get());
        }
        try {
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store);
            return trusted;
        } catch (GeneralSecurityException wrong) {
            throw new FatalException("the trusted certificates can't be used: " + wrong.getMessage(), wrong);
        }
    }

    private static KeyStore load(Path file, char[] password) throws FatalException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(in, password);
            return store;
        } catch (IOException | GeneralSecurityException wrong) {
            throw unusable(file, wrong);
        }
    }

    private static FatalException unusable(Path store, Exception wrong) {
        return new FatalException("the keystore " + store + " can't be used: it isn't there, is neither PKCS#12 nor JKS, or has"
                + " another password", wrong);
    }

    /** Believes a certificate that a trusted one vouches for, whatever host it is for. */
    private static final class AnyHost extends X509ExtendedTrustManager {

        private final X509TrustManager chain;

        AnyHost(X509TrustManager chain) {
            this.chain = chain;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String kind) throws CertificateException {
            chain.checkClientTrusted(certificates, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String kind) throws CertificateException {
            chain.checkServerTrusted(certificates, kind);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String kind, Socket socket) throws CertificateException {
            chain.checkClientTrusted(certificates, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String kind, Socket socket) throws CertificateException {
            chain.checkServerTrusted(certificates, kind);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String kind, SSLEngine engine)
                throws CertificateException {
            chain.checkClientTrusted(certificates, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String kind, SSLEngine engine)
                throws CertificateException {
            chain.checkServerTrusted(certificates, kind);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return chain.getAcceptedIssuers();
        }
    }
}
