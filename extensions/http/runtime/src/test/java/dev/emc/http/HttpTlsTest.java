package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;
import dev.emc.testkit.Configs;
import dev.emc.testkit.SelfSigned;

/** Encrypted connections, both ways. */
class HttpTlsTest {

    @TempDir
    static Path folder;
    private static SelfSigned server;
    private static SelfSigned client;
    private static SelfSigned elsewhere;

    @BeforeAll
    static void makeCertificates() throws Exception {
        server = SelfSigned.create(folder, "server", "ip:127.0.0.1", "dns:localhost");
        client = SelfSigned.create(folder, "client", "dns:client");
        elsewhere = SelfSigned.create(folder, "elsewhere", "dns:elsewhere.example.com");
    }

    /** @param own null for nobody */
    private static SSLContext context(SelfSigned own, SelfSigned trusted) throws Exception {
        KeyManagerFactory keys = null;
        if (own != null) {
            KeyStore store = KeyStore.getInstance(own.store().toFile(), "changeit".toCharArray());
            keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, "changeit".toCharArray());
        }
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null, null);
        try (FileInputStream in = new FileInputStream(trusted.certificate().toFile())) {
            trust.setCertificateEntry("it", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trusts = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusts.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trusts.getTrustManagers(), null);
        return context;
    }

    private static int post(RunningSource source, SSLContext tls) throws Exception {
        HttpClient caller = HttpClient.newBuilder().sslContext(tls).build();
        return caller.send(HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + source.port() + "/"))
                .POST(HttpRequest.BodyPublishers.ofString("x")).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void callersAreTalkedToInTls() throws Exception {
        try (RunningSource source = new RunningSource("tls.enabled", "true", "tls.certificate", server.certificate(), "tls.key",
                server.key())) {
            assertEquals(200, post(source, context(null, server)));
        }
    }

    @Test
    void theCertificateMayBeInAKeystore() throws Exception {
        try (RunningSource source = new RunningSource("tls.enabled", "true", "tls.keystore", server.store(),
                "tls.keystore-password", "changeit")) {
            assertEquals(200, post(source, context(null, server)));
        }
    }

    @Test
    void callersWithoutACertificateAreTurnedAwayWhereOneIsAskedFor() throws Exception {
        try (RunningSource source = new RunningSource("tls.enabled", "true", "tls.certificate", server.certificate(), "tls.key",
                server.key(), "tls.ca", client.certificate(), "server.client-certificates", "true")) {
            assertEquals(200, post(source, context(client, server)));
            assertThrows(IOException.class, () -> post(source, context(null, server)));
            assertThrows(IOException.class, () -> post(source, context(elsewhere, server)));
            assertEquals(1, source.records().size());
        }
    }

    private static List<Failure> send(Target target, Object... tls) throws Exception {
        Object[] all = new Object[tls.length + 4];
        System.arraycopy(new Object[]{"urls", "https://127.0.0.1:" + target.port() + "/in", "tls.enabled", "true"}, 0, all, 0,
                4);
        System.arraycopy(tls, 0, all, 4, tls.length);
        try (HttpSink sink = new HttpSink(Configs.of(HttpSinkConfig.class, all))) {
            assertEquals(List.of(), sink.validate());
            sink.start(null);
            return sink.put(List.of(ConnectorRecord.builder().attribute("id", "1").attribute("source", "s")
                    .attribute("type", "t").build()));
        }
    }

    @Test
    void aServerWithATrustedCertificateIsSentTo() throws Exception {
        try (Target target = new Target(0, context(server, client), false)) {
            assertEquals(List.of(), send(target, "tls.ca", server.certificate()));
        }
    }

    @Test
    void aServerWithAnotherCertificateIsNot() throws Exception {
        try (Target target = new Target(0, context(server, client), false)) {
            RetryableException error = assertInstanceOf(RetryableException.class,
                    send(target, "tls.ca", client.certificate()).get(0).error());
            assertTrue(error.getMessage().contains("look at the certificates"), error::getMessage);
            assertTrue(target.all().isEmpty());
        }
    }

    @Test
    void aServerWithACertificateOfAnotherHostIsNotUnlessThatIsAllowed() throws Exception {
        try (Target target = new Target(0, context(elsewhere, client), false)) {
            assertEquals(1, send(target, "tls.ca", elsewhere.certificate()).size());
            assertEquals(List.of(), send(target, "tls.ca", elsewhere.certificate(), "tls.verify-host", "false"));
        }
    }

    @Test
    void aServerThatAsksForACertificateGetsIt() throws Exception {
        try (Target target = new Target(0, context(server, client), true)) {
            assertEquals(List.of(), send(target, "tls.ca", server.certificate(), "tls.certificate", client.certificate(),
                    "tls.key", client.key()));
            assertEquals(1, send(target, "tls.ca", server.certificate()).size());
        }
    }

    @Test
    void aKeystoreWithAnotherPasswordIsNamed() {
        FatalException error = assertThrows(FatalException.class, () -> new RunningSource("tls.enabled", "true",
                "tls.keystore", server.store(), "tls.keystore-password", "wrong-one"));
        assertTrue(error.getMessage().contains("server.p12") && !error.getMessage().contains("wrong-one"), error::getMessage);
    }
}
