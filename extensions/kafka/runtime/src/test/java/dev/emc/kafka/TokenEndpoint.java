package dev.emc.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.emc.testkit.SelfSigned;

/**
 * An identity provider on the loopback interface: gives signed tokens to clients that know {@link KafkaBroker#PASSWORD} and ask for
 * {@link #SCOPE}, or misbehaves as a test wants it. Ends with the JVM.
 */
public final class TokenEndpoint {

    static final String SCOPE = "kafka all";
    static final String AUDIENCE = "kafka";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** What comes in place of a token. */
    enum Mood {
        FINE, FAILING, ABSENT, HTML, EMPTY_JSON, OPAQUE_TOKEN, TOKEN_WITHOUT_END, TOKEN_FOR_OTHERS
    }

    private final KeyPair keys;
    private final Path keyFile;
    private final HttpServer plain;
    private final HttpsServer secure;
    private final AtomicInteger issued = new AtomicInteger();
    private volatile Mood mood = Mood.FINE;
    private volatile Duration life = Duration.ofHours(1);

    /**
     * @param folder for the public key
     * @param certificate who it shows itself as
     */
    TokenEndpoint(Path folder, SelfSigned certificate) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        keyFile = Files.writeString(folder.resolve("jwks.json"),
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"1\",\"alg\":\"RS256\",\"use\":\"sig\",\"n\":\""
                        + number(key.getModulus())
                        + "\",\"e\":\"" + number(key.getPublicExponent()) + "\"}]}");
        plain = start(HttpServer.create(loopback(), 0));
        HttpsServer https = HttpsServer.create(loopback(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
        secure = start(https);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private <T extends HttpServer> T start(T server) {
        server.createContext("/token", this::answer);
        server.start();
        return server;
    }

    private static SSLContext context(SelfSigned certificate) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificate.store())) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        return context;
    }

    private static String number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return BASE64.encodeToString(java.util.Arrays.copyOfRange(bytes, sign, bytes.length));
    }

    String url() {
        return "http://127.0.0.1:" + plain.getAddress().getPort() + "/token";
    }

    String secureUrl() {
        return "https://127.0.0.1:" + secure.getAddress().getPort() + "/token";
    }

    /** The URL of the public key, for brokers. */
    String keyUrl() {
        return keyFile.toUri().toString();
    }

    void is(Mood wanted) {
        mood = wanted;
    }

    /** How long its tokens are good for, from now on. */
    void life(Duration wanted) {
        life = wanted;
    }

    /** How many tokens it has given. */
    int issued() {
        return issued.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> form = new TreeMap<>();
        for (String pair : text(exchange.getRequestBody().readAllBytes()).split("&")) {
            form.put(pair.substring(0, pair.indexOf('=')), URLDecoder.decode(pair.substring(pair.indexOf('=') + 1),
                    StandardCharsets.UTF_8));
        }
        String client = client(exchange.getRequestHeaders().getFirst("Authorization"));
        if (mood == Mood.FAILING) {
            send(exchange, 500, "{\"error\":\"server_error\"}");
        } else if (mood == Mood.ABSENT) {
            send(exchange, 404, "<html>sEcReT?</html>");
        } else if (!exchange.getRequestMethod().equals("POST") || !"client_credentials".equals(form.get("grant_type"))) {
            send(exchange, 400, "{\"error\":\"unsupported_grant_type\"}");
        } else if (client == null) {
            send(exchange, 401, "{\"error\":\"invalid_client\",\"error_description\":\"Invalid client or credentials\"}");
        } else if (!SCOPE.equals(form.get("scope"))) {
            send(exchange, 400, "{\"error\":\"invalid_scope\"}");
        } else {
            send(exchange, 200, body(client));
        }
    }

    /** Who asks; null when the secret is wrong. */
    private static String client(String authorization) {
        String[] credentials = text(Base64.getDecoder().decode(authorization.substring("Basic ".length()))).split(":");
        return URLDecoder.decode(credentials[1], StandardCharsets.UTF_8).equals(KafkaBroker.PASSWORD) ? credentials[0] : null;
    }

    private String body(String client) {
        issued.incrementAndGet();
        return switch (mood) {
            case HTML -> "<html>sEcReT maintenance</html>";
            case EMPTY_JSON -> "{\"token\":\"sEcReT\"}";
            case OPAQUE_TOKEN -> token("sEcReT-opaque");
            case TOKEN_WITHOUT_END -> token(jwt(client, AUDIENCE, ""));
            case TOKEN_FOR_OTHERS -> token(jwt(client, "others", end()));
            default -> token(jwt(client, AUDIENCE, end()));
        };
    }

    private static String token(String token) {
        return "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\"}";
    }

    private String end() {
        return ",\"exp\":" + (System.currentTimeMillis() + life.toMillis()) / 1000;
    }

    private String jwt(String subject, String audience, String end) {
        String content = part("{\"alg\":\"RS256\",\"kid\":\"1\"}") + '.'
                + part("{\"sub\":\"" + subject + "\",\"aud\":\"" + audience + "\",\"scope\":\"" + SCOPE + "\",\"jti\":\""
                        + issued.get() + "\",\"iat\":" + System.currentTimeMillis() / 1000 + end + "}");
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + '.' + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static String part(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
