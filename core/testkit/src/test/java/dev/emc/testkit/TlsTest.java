package dev.emc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.FatalException;
import dev.emc.kit.Tls;
import dev.emc.kit.TlsSettings;

/** Handshakes between what {@link Tls} makes for clients and for servers. */
class TlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    static Path folder;
    private static SelfSigned here;
    private static SelfSigned elsewhere;

    @BeforeAll
    static void certificates() throws Exception {
        here = SelfSigned.create(folder, "here", "ip:127.0.0.1");
        elsewhere = SelfSigned.create(folder, "elsewhere", "dns:elsewhere.example");
    }

    @Test
    void aClientTrustsItsCa() throws Exception {
        assertEquals("CN=here", handshake(server(here), Tls.client(settings("ca", here.certificate()))));
    }

    @Test
    void aTruststoreThatIsNotThereIsSaidInOneSentence() {
        FatalException wrong = assertThrows(FatalException.class,
                () -> Tls.trusted(settings("truststore", folder.resolve("none.p12"))));
        assertTrue(wrong.getMessage().contains("none.p12"), wrong.getMessage());
    }

    @Test
    void aClientRefusesAStranger() throws Exception {
        SSLContext client = Tls.client(settings("ca", elsewhere.certificate()));
        assertThrows(SSLException.class, () -> handshake(server(here), client));
    }

    @Test
    void theCertificateMustBeForTheHost() throws Exception {
        SSLContext client = Tls.client(settings("ca", elsewhere.certificate()));
        assertThrows(SSLException.class, () -> handshake(server(elsewhere), client));
    }

    @Test
    void whoeverTheCertificateIsForWhenAskedSo() throws Exception {
        SSLContext client = Tls.client(settings("ca", elsewhere.certificate(), "verifyHost", false));
        assertEquals("CN=elsewhere", handshake(server(elsewhere), client));
    }

    @Test
    void aKeystoreIsAsGoodAsPem() throws Exception {
        TlsSettings server = settings("keystore", here.store(), "keystorePassword", PASSWORD);
        assertEquals("CN=here", handshake(Tls.server(server), Tls.client(settings("ca", here.certificate()))));
    }

    @Test
    void anEncryptedKeyIsRead() throws Exception {
        TlsSettings server = settings("certificate", resource("encrypted.pem"), "key", resource("encrypted.key"), "keyPassword",
                "secret");
        assertEquals("CN=here", handshake(Tls.server(server), Tls.client(settings("ca", resource("encrypted.pem")))));
    }

    @Test
    void aWrongPasswordIsSaidInOneSentenceWithoutIt() throws Exception {
        FatalException wrong = assertThrows(FatalException.class, () -> Tls.server(settings("certificate",
                resource("encrypted.pem"), "key", resource("encrypted.key"), "keyPassword", "guess")));
        assertTrue(wrong.getMessage().contains("password is wrong"), wrong.getMessage());
        assertTrue(!wrong.getMessage().contains("guess"), wrong.getMessage());
    }

    @Test
    void aKeyThatIsNotInPkcs8IsExplained() throws Exception {
        Path key = Files.writeString(folder.resolve("old.key"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"
                + "-----END RSA PRIVATE KEY-----\n");
        FatalException wrong = assertThrows(FatalException.class, () -> Tls.server(
                settings("certificate", here.certificate(), "key", key)));
        assertTrue(wrong.getMessage().contains("openssl pkcs8"), wrong.getMessage());
    }

    private static SSLContext server(SelfSigned identity) throws FatalException {
        return Tls.server(settings("certificate", identity.certificate(), "key", identity.key()));
    }

    /** A certificate whose key OpenSSL has encrypted (PBES2, AES-256) with the password "secret". */
    private static Path resource(String name) throws URISyntaxException {
        return Path.of(TlsTest.class.getResource("/tls/" + name).toURI());
    }

    /** Returns whom the client saw. */
    private static String handshake(SSLContext server, SSLContext client) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listening = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(listening));
            try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(loopback.getHostAddress(),
                    listening.getLocalPort())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return socket.getSession().getPeerPrincipal().getName();
            } finally {
                answered.get();
            }
        }
    }

    private static void answer(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.startHandshake();
            socket.getInputStream().read();
        } catch (IOException refused) {
            // by the client, whose test looks at it
        }
    }

    private static TlsSettings settings(Object... pairs) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put((String) pairs[i], pairs[i + 1]);
        }
        return (TlsSettings) Proxy.newProxyInstance(TlsTest.class.getClassLoader(),
                new Class<?>[]{TlsSettings.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "enabled" -> true;
                    case "verifyHost" -> values.getOrDefault("verifyHost", true);
                    default -> Optional.ofNullable(values.get(method.getName()));
                });
    }
}
