package dev.emc.kafka;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

import javax.security.auth.login.LoginException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/** What Kafka's exceptions mean for a worker, in sentences for its user. */
final class KafkaErrors {

    private static final Pattern CLASS_NAME = Pattern.compile("(?:[a-z][\\w$]*\\.)+([A-Z][\\w$]*)");

    private final String servers;
    private final LoginState login = new LoginState();

    /** @param servers the brokers that the user has named */
    KafkaErrors(String servers) {
        this.servers = servers;
    }

    /** Learns how logins at a token endpoint go. */
    LoginState login() {
        return login;
    }

    /** Whether it is one that trying again doesn't help. */
    static boolean isFatal(Throwable error) {
        return error instanceof AuthenticationException || error instanceof AuthorizationException
                || error instanceof UnsupportedVersionException || error instanceof FencedInstanceIdException
                || error instanceof ConfigException || isFenced(error);
    }

    /** Whether another producer has taken the transactional id. */
    private static boolean isFenced(Throwable error) {
        return error instanceof ProducerFencedException || error instanceof InvalidProducerEpochException;
    }

    /**
     * What to throw for an exception of one of Kafka's clients.
     *
     * @param doing what was tried, as in "reading from Kafka"
     */
    Exception translate(String doing, Throwable thrown) {
        Throwable error = unwrap(thrown);
        if (error instanceof InterruptException || error instanceof InterruptedException) {
            Thread.interrupted(); // the exception says it
            return new InterruptedException();
        }
        LoginFailure trouble = isLogin(error) ? login.trouble() : null;
        if (trouble != null) {
            return trouble.toException(error);
        }
        String sentence = sentence(doing, error);
        return isFatal(error) ? new FatalException(sentence, error) : new RetryableException(sentence, error);
    }

    /** Whether there was no token, or one that brokers refuse. */
    private static boolean isLogin(Throwable error) {
        return error instanceof LoginException
                || error instanceof AuthenticationException && !(error instanceof SslAuthenticationException);
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable error = thrown;
        while (error.getCause() != null && (error instanceof ExecutionException || error instanceof CompletionException
                || error.getClass() == KafkaException.class)) {
            error = error.getCause();
        }
        return error;
    }

    private String sentence(String doing, Throwable error) {
        if (error instanceof SslAuthenticationException) {
            return "the TLS handshake with Kafka at " + servers + " failed: " + text(innermost(error))
                    + "; look at connector.tls, and whether that port speaks TLS";
        }
        if (error instanceof AuthenticationException && login.isUsed()) {
            return "Kafka at " + servers + " refuses the token: " + text(error)
                    + "; look at connector.sasl.scope, and which issuer and audience the brokers expect";
        }
        if (error instanceof AuthenticationException) {
            return "Kafka at " + servers + " refuses the login: " + text(error) + "; look at connector.sasl";
        }
        if (error instanceof TopicAuthorizationException topics) {
            return doing + " isn't allowed: this user may not use topic " + String.join(", ", topics.unauthorizedTopics())
                    + "; grant it the operation on the topic (kafka-acls.sh --add)";
        }
        if (error instanceof GroupAuthorizationException group) {
            return doing + " isn't allowed: this user may not use consumer group " + group.groupId()
                    + "; grant it Read on the group (kafka-acls.sh --add)";
        }
        if (error instanceof TransactionalIdAuthorizationException) {
            return doing + " isn't allowed: this user may not use the transactional id; grant it Write and Describe on it"
                    + " (kafka-acls.sh --add)";
        }
        if (error instanceof ClusterAuthorizationException) {
            return doing
                    + " isn't allowed: this user may not write to any topic; grant it Write on the topic, or IdempotentWrite on"
                    + " the cluster (kafka-acls.sh --add)";
        }
        if (error instanceof AuthorizationException) {
            return doing + " isn't allowed: " + text(error);
        }
        if (error instanceof ConfigException) {
            return "Kafka's client refuses its configuration: " + text(error);
        }
        if (error instanceof FencedInstanceIdException) {
            return "another worker has the same group.instance.id and has taken this one's place in the group; give each its own";
        }
        if (isFenced(error)) {
            return "another worker writes with the same transactional id; give each its own with connector.transactional-id";
        }
        if (error instanceof TimeoutException) {
            LoginFailure trouble = login.trouble();
            return doing + " took too long, Kafka at " + servers + " doesn't answer: " + text(error)
                    + (trouble == null ? "" : "; " + trouble.sentence()); // the producer keeps it to itself
        }
        return doing + " failed: " + text(error);
    }

    private static Throwable innermost(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null && inner.getCause().getMessage() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** What an exception says, on one line and without names of classes. */
    static String text(Throwable error) {
        String message = error.getMessage() == null ? words(error.getClass().getSimpleName()) : error.getMessage();
        message = message.split("\n\tat ", 2)[0]; // a login may come with where it was
        String line = CLASS_NAME.matcher(message).replaceAll(match -> words(match.group(1))).replaceAll("\\s+", " ").strip();
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    /** {@code RecordTooLargeException}: record too large. */
    private static String words(String className) {
        return className.replaceAll("(Exception|Error)$", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase();
    }
}
