package dev.emc.http.client;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/** The client credentials grant of OAuth 2 (RFC 6749, 4.4), with the token kept until shortly before it expires. */
final class OAuth2 extends Auth {

    /**
     * Where tokens come from.
     *
     * @param scope null for none
     * @param audience null for none; not of the RFC, but asked for by some servers
     * @param inBody whether id and secret go into the body and not into a header
     */
    record Settings(URI tokenUrl, String clientId, String clientSecret, String scope, String audience,
            boolean inBody) {}

    private static final JsonFactory JSON = new JsonFactory();
    /** A token is not used any more so long before its end: clocks differ, and requests take their time. */
    private static final Duration EARLY = Duration.ofSeconds(30);
    private static final Duration DEFAULT_LIFE = Duration.ofMinutes(5);
    /** A token that is refused so soon after it was given won't be replaced by a better one. */
    private static final Duration YOUNG = Duration.ofSeconds(5);

    private final Settings settings;
    private String token;
    private long fetchedAt;
    private long expiresAt;

    OAuth2(Settings settings) {
        this.settings = settings;
    }

    @Override
    void authorize(Request.Builder authorized, Request request, Exchange exchange)
            throws ConnectorException, InterruptedException {
        if (token == null || System.nanoTime() - expiresAt >= 0) {
            fetch(exchange);
        }
        authorized.header("Authorization", "Bearer " + token);
    }

    @Override
    boolean refused(Request authorized) {
        if (token != null && !("Bearer " + token).equals(authorized.header("Authorization"))) {
            return true; // there is a newer one already
        }
        boolean hope = token == null || System.nanoTime() - fetchedAt > YOUNG.toNanos();
        token = null;
        return hope;
    }

    @Override
    List<String> secrets() {
        List<String> secrets = new ArrayList<>(List.of(settings.clientSecret(), basic()));
        if (token != null) {
            secrets.add(token);
        }
        return secrets;
    }

    private String basic() {
        return Base64.getEncoder().encodeToString(
                (encode(settings.clientId()) + ":" + encode(settings.clientSecret())).getBytes(StandardCharsets.UTF_8));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void fetch(Exchange exchange) throws ConnectorException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        if (settings.scope() != null) {
            form.put("scope", settings.scope());
        }
        if (settings.audience() != null) {
            form.put("audience", settings.audience());
        }
        Request.Builder request = Request.of("POST", settings.tokenUrl())
                .header("Content-Type", "application/x-www-form-urlencoded").header("Accept", "application/json");
        if (settings.inBody()) {
            form.put("client_id", settings.clientId());
            form.put("client_secret", settings.clientSecret());
        } else {
            request.header("Authorization", "Basic " + basic());
        }
        String body = form.entrySet().stream().map(pair -> pair.getKey() + "=" + encode(pair.getValue()))
                .collect(Collectors.joining("&"));
        Response response = exchange.exchange(request.body(body).build());
        String where = "the token server " + Request.withoutSecrets(settings.tokenUrl());
        if (response.status() == 400 || response.status() == 401 || response.status() == 403) {
            throw new FatalException(where + " gives no token (" + response.status() + ErrorText.of(response, secrets())
                    + "); look at client id, secret and scope");
        }
        if (!response.isSuccess()) {
            throw new RetryableException(where + " answers " + response.status() + ErrorText.of(response, secrets()), null,
                    RetryAfter.of(response).orElse(null));
        }
        take(response, where);
    }

    private void take(Response response, String where) throws RetryableException {
        String given = null;
        long seconds = DEFAULT_LIFE.toSeconds();
        try (JsonParser json = JSON.createParser(response.body())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("access_token")) {
                    given = json.getValueAsString();
                } else if (name.equals("expires_in")) {
                    seconds = json.getValueAsLong(seconds);
                }
                json.skipChildren();
            }
        } catch (IOException e) {
            throw new RetryableException(where + " answers something that is no JSON", null);
        }
        if (given == null || !Request.isHeaderValue(given)) {
            throw new RetryableException(where + " answers without an access_token", null);
        }
        token = given;
        fetchedAt = System.nanoTime();
        expiresAt = fetchedAt + Duration.ofSeconds(Math.max(1, Math.min(seconds, 86_400))).minus(
                seconds > 2 * EARLY.toSeconds() ? EARLY : Duration.ZERO).toNanos();
    }
}
