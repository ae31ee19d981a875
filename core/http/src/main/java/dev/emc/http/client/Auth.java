package dev.emc.http.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

import dev.emc.api.ConnectorException;
import dev.emc.http.signature.HmacSettings;
import dev.emc.http.signature.Scheme;
import dev.emc.http.signature.Signer;

/** What a client shows of itself with each request. Used by one thread. */
public abstract class Auth {

    /** Sends a request as it is, to get credentials with. */
    @FunctionalInterface
    interface Exchange {
        Response exchange(Request request) throws ConnectorException, InterruptedException;
    }

    Auth() {}

    /** Adds the credentials. Has to be done again for each attempt: signatures hold the time. */
    abstract void authorize(Request.Builder authorized, Request request, Exchange exchange)
            throws ConnectorException, InterruptedException;

    /**
     * The server has refused the credentials.
     *
     * @param authorized the request with them
     * @return whether there are better ones or may be, so that another try makes sense
     */
    boolean refused(Request authorized) {
        return false;
    }

    /** What must not be shown. */
    abstract List<String> secrets();

    /** Nothing. */
    public static Auth none() {
        return new Auth() {
            @Override
            void authorize(Request.Builder authorized, Request request, Exchange exchange) {
                // nobody asks
            }

            @Override
            List<String> secrets() {
                return List.of();
            }
        };
    }

    /** User and password. */
    public static Auth basic(String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return new Fixed("Authorization", "Basic " + pair, List.of(pair, password));
    }

    /** A token in {@code Authorization}. */
    public static Auth bearer(String token) {
        return new Fixed("Authorization", "Bearer " + token, List.of(token));
    }

    /** A key in a header of one's own choice. */
    public static Auth apiKey(String header, String key) {
        return new Fixed(header, key, List.of(key));
    }

    /**
     * A token that is got by the client credentials grant of OAuth 2, and again when it is too old or is refused.
     *
     * @param scope null for none
     * @param audience null for none; not of the standard, but some servers ask for it
     * @param inBody whether id and secret are sent in the body and not in a header
     */
    public static Auth oauth2(URI tokenUrl, String clientId, String clientSecret, String scope, String audience,
            boolean inBody) {
        return new OAuth2(new OAuth2.Settings(tokenUrl, clientId, clientSecret, scope, audience, inBody));
    }

    /**
     * A signature of each request.
     *
     * @param idHeader the request's header whose value is the message's id, for the schemes that sign one
     * @param hmac for {@link Scheme#HMAC}
     */
    public static Auth signature(Scheme scheme, String secret, String idHeader, HmacSettings hmac) {
        return new Signature(new Signer(scheme, secret, hmac), secret, idHeader);
    }

    /** The same header each time. */
    private static final class Fixed extends Auth {

        private final String header;
        private final String value;
        private final List<String> secrets;

        Fixed(String header, String value, List<String> secrets) {
            this.header = header;
            this.value = value;
            this.secrets = secrets;
        }

        @Override
        void authorize(Request.Builder authorized, Request request, Exchange exchange) {
            authorized.header(header, value);
        }

        @Override
        List<String> secrets() {
            return secrets;
        }
    }

    /** Signs. */
    private static final class Signature extends Auth {

        private final Signer signer;
        private final String secret;
        private final String idHeader;

        Signature(Signer signer, String secret, String idHeader) {
            this.signer = signer;
            this.secret = secret;
            this.idHeader = idHeader;
        }

        @Override
        void authorize(Request.Builder authorized, Request request, Exchange exchange) {
            String id = request.header(idHeader);
            signer.sign(id == null ? "" : id, request.body(), Instant.now()).forEach(authorized::header);
        }

        @Override
        List<String> secrets() {
            return List.of(secret);
        }
    }
}
