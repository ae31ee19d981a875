package dev.emc.registry.redis;

import java.io.IOException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;

import javax.net.ssl.SSLException;

import io.vertx.redis.client.impl.types.ErrorType;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/** What the server and the way to it say, as sentences. They repeat only the server's own words, which hold no secrets. */
final class RedisErrors {

    private final String place;
    private final Duration timeout;

    /** @param place for the user: {@code the Redis server 127.0.0.1:6379} */
    RedisErrors(String place, Duration timeout) {
        this.place = place;
        this.timeout = timeout;
    }

    /** Whether the server has answered at all, so that the connection is fine. */
    static boolean isAnswer(Throwable error) {
        return error instanceof ErrorType answer && !answer.is("READONLY") && !answer.is("MASTERDOWN")
                && !answer.is("CLUSTERDOWN")
                && !answer.is("MOVED") && !answer.is("LOADING");
    }

    static boolean isUnknownScript(Throwable error) {
        return error instanceof ErrorType answer && answer.is("NOSCRIPT");
    }

    ConnectorException noAnswer() {
        return new RetryableException(place + " did not answer within " + timeout.toMillis() + " ms");
    }

    ConnectorException tooFewReplicas(long reached, int wanted) {
        return new RetryableException(place + " has only " + reached + " of the " + wanted
                + " replicas that registry.redis.replicas asks for");
    }

    ConnectorException of(Throwable error) {
        if (error instanceof ConnectorException known) {
            return known;
        }
        if (error instanceof ErrorType answer) {
            return answered(answer);
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return new RetryableException(place + " has a certificate that isn't trusted (" + words(cause)
                        + "); check registry.redis.tls.ca and the name in registry.redis.hosts", error);
            }
            if (cause instanceof UnknownHostException) {
                return new RetryableException("the host of " + place + " is unknown; check registry.redis.hosts", error);
            }
        }
        if (error instanceof SSLException) {
            return new RetryableException("no encrypted connection to " + place + " (" + words(error)
                    + "); check registry.redis.tls, and whether the server speaks TLS on this port", error);
        }
        if (error instanceof IOException) {
            return new RetryableException(place + " can't be reached: " + words(error), error);
        }
        return new RetryableException(place + " can't be used now: " + words(error), error);
    }

    private ConnectorException answered(ErrorType answer) {
        if (answer.is("WRONGPASS") || answer.is("ERR invalid password") || answer.is("ERR AUTH")) {
            return new FatalException(place
                    + " refuses the user name or the password; correct registry.redis.username and registry.redis.password");
        }
        if (answer.is("NOAUTH")) {
            return new FatalException(place + " asks for a password; set registry.redis.password");
        }
        if (answer.is("NOPERM")) {
            return new FatalException(place + " doesn't allow its user what the registry needs (" + words(answer)
                    + "); allow it the commands hmget, hget, hgetall, hset, hdel, del, eval, evalsha, time, wait, sadd, smembers,"
                    + " hello and select on the keys of registry.redis.prefix");
        }
        if (answer.is("READONLY")) {
            return new RetryableException(
                    place + " is a replica and can't be written; it is waited for until the server changes");
        }
        if (answer.is("LOADING")) {
            return new RetryableException(place + " is still reading its data");
        }
        if (answer.is("MOVED") || answer.is("ASK ")) {
            return new FatalException(place + " is part of a cluster; set registry.redis.client-type to cluster");
        }
        if (answer.getMessage().contains("cluster support disabled")) {
            return new FatalException(place + " is no cluster; set registry.redis.client-type to standalone");
        }
        if (answer.getMessage().contains("DB index is out of range")) {
            return new FatalException(place + " has no database of this number; correct registry.redis.database");
        }
        if (answer.is("WRONGTYPE")) {
            return new FatalException(
                    place + " has other things under the keys of registry.redis.prefix; choose another prefix");
        }
        return new RetryableException(place + " refuses: " + words(answer));
    }

    /** The first line of a message, without the full stop. */
    private static String words(Throwable error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return error.getClass().getSimpleName();
        }
        if (message.equals("CONNECTION_CLOSED") || message.equals("Connection was closed")) {
            return "the connection was closed";
        }
        String line = message.lines().map(String::strip).filter(text -> !text.isEmpty()).findFirst().orElse(message);
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
