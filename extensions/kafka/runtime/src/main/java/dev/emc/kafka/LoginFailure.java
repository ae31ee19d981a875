package dev.emc.kafka;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/**
 * Why a token endpoint gave no token.
 *
 * @param what as in "the token endpoint … gives no token"
 * @param remedy what to do
 * @param fatal whether trying again doesn't help
 */
record LoginFailure(String endpoint, String what, String remedy, boolean fatal) {

    /** How Kafka's client says what the endpoint has answered. */
    private static final Pattern ANSWER = Pattern
            .compile("(?s).*response code (\\d+) and error (?:response|message) (.*) was encountered.*");
    /** How it writes an answer as of RFC 6749, 5.2; others may hold anything. */
    private static final Pattern REASON = Pattern.compile("(?s)\\{\"([\\w.-]+)\" - (?:\"(.{1,300})\")?\\}");
    private static final List<Integer> REFUSALS = List.of(400, 401, 403);
    private static final String WRONG_URL = "look whether connector.sasl.token-url is its address";

    /** What an exception of Kafka's login means. */
    static LoginFailure of(String endpoint, Throwable thrown) {
        List<Throwable> causes = Stream.iterate(thrown, error -> error != null, Throwable::getCause).toList();
        Throwable innermost = causes.get(causes.size() - 1);
        if (causes.stream().anyMatch(SSLException.class::isInstance)) {
            return new LoginFailure(endpoint, "can't be reached by TLS: " + KafkaErrors.text(innermost),
                    "look at connector.sasl.token-ca, and whether that port speaks TLS", false);
        }
        if (innermost instanceof UnknownHostException) {
            return new LoginFailure(endpoint, "can't be reached: its host isn't known", WRONG_URL, false);
        }
        if (innermost instanceof SocketException || innermost instanceof SocketTimeoutException) {
            return new LoginFailure(endpoint, "can't be reached: " + KafkaErrors.text(innermost).toLowerCase(Locale.ROOT),
                    WRONG_URL + ", and whether it runs", false);
        }
        Matcher answer = ANSWER.matcher(String.valueOf(innermost.getMessage()));
        return answer.matches()
                ? answered(endpoint, Integer.parseInt(answer.group(1)), answer.group(2))
                : noToken(endpoint);
    }

    private static LoginFailure answered(String endpoint, int status, String body) {
        Matcher reason = REASON.matcher(body);
        String said = status + (!reason.matches()
                ? ""
                : " " + reason.group(1) + (reason.group(2) == null
                        ? ""
                        : ": " + reason.group(2).replaceAll("\\s+", " ")));
        if (REFUSALS.contains(status)) {
            return new LoginFailure(endpoint, "gives no token (" + said + ")",
                    "look at connector.sasl.client-id, client-secret and scope", true);
        }
        return new LoginFailure(endpoint, "answers " + said, status < 500 ? WRONG_URL : "look at its log", false);
    }

    /** It has answered with success, and not with what Kafka takes. */
    static LoginFailure noToken(String endpoint) {
        return new LoginFailure(endpoint,
                "answers something else than JSON with an access_token that is a JWT with sub and exp",
                WRONG_URL + ", and which tokens it issues", false);
    }

    /** A connection needs a new token, which has not come yet. */
    static LoginFailure silence(String endpoint) {
        return new LoginFailure(endpoint, "has not answered yet", WRONG_URL + ", and whether it runs", false);
    }

    String sentence() {
        return "the token endpoint " + endpoint + ' ' + what + "; " + remedy;
    }

    ConnectorException toException(Throwable cause) {
        return fatal ? new FatalException(sentence(), cause) : new RetryableException(sentence(), cause);
    }
}
