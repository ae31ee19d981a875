package dev.emc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A certificate that vouches for itself, made for one test.
 *
 * @param certificate PEM file
 * @param key PEM file with the private key
 * @param store the two as PKCS#12, with the password {@value #PASSWORD}
 */
public record SelfSigned(Path certificate, Path key, Path store) {

    private static final String PASSWORD = "changeit";

    /**
     * Makes one.
     *
     * @param names what it is for, such as {@code ip:127.0.0.1} or {@code dns:localhost}
     */
    public static SelfSigned create(Path folder, String name, String... names) throws IOException, InterruptedException {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias", "it", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name, "-validity", "30",
                "-ext", "san=" + String.join(",", names), "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
                PASSWORD).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool failed: " + said);
        }
        try {
            KeyStore keys = load(store);
            return new SelfSigned(
                    pem(folder.resolve(name + ".pem"), "CERTIFICATE", keys.getCertificate("it").getEncoded()),
                    pem(folder.resolve(name + ".key"), "PRIVATE KEY", keys.getKey("it", PASSWORD.toCharArray()).getEncoded()),
                    store);
        } catch (GeneralSecurityException broken) {
            throw new IOException(broken);
        }
    }

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path pem(Path file, String kind, byte[] content) throws IOException {
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'})
                .encodeToString(content) + "\n-----END " + kind + "-----\n");
    }

    /** For a test's own connections. @param client who it shows itself as; null for nobody */
    static SSLSocketFactory trustingAnyone(SelfSigned client) throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(client == null ? null : load(client.store()), client == null ? null : PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[]{new Credulous()}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException broken) {
            throw new IOException(broken);
        }
    }

    /** Believes everybody. */
    private static final class Credulous implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            // anybody is fine
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            // anybody is fine
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
