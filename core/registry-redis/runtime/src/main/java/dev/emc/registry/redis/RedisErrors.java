package dev.emc.registry.redis;

import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import io.vertx.redis.client.impl.types.ErrorType;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/**
 * What the server and the way to it say, as sentences. They repeat only the first words about it, and no exception of the client
 * is handed on, because some hold the addresses with user name and password.
 */
final class RedisErrors {

    /** After these the connection may lead to a server that isn't, or isn't yet, in charge. */
    private static final List<String> ELSEWHERE = List.of("READONLY", "MASTERDOWN", "CLUSTERDOWN", "MOVED", "LOADING");
    /** Redis 6 quotes errors inside scripts like this; later ones give them their own first word. */
    private static final Pattern IN_SCRIPT = Pattern.compile("ERR Error running script.*@user_script: ?(?:[0-9]+: ?)?-?(.*)");
    /** How the client lists what it heard from several servers. */
    private static final Pattern LISTED = Pattern.compile("\n- (?:rediss?://\\S+: )?(?:[\\w.]+Exception: )?(.*)");

    private final String place;
    private final Duration timeout;

    /** @param place for the user: {@code the Redis server 127.0.0.1:6379} */
    RedisErrors(String place, Duration timeout) {
        this.place = place;
        this.timeout = timeout;
    }

    /** Whether the server has answered as the one in charge, so that the connection is fine. */
    static boolean isAnswer(Throwable error) {
        return error instanceof ErrorType && ELSEWHERE.stream().noneMatch(words(error)::startsWith);
    }

    static boolean isUnknownScript(Throwable error) {
        return error instanceof ErrorType && words(error).startsWith("NOSCRIPT");
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
        String words = words(error);
        String fatal = fatal(words);
        if (fatal != null) {
            return new FatalException(place + ' ' + fatal);
        }
        String passing = passing(words);
        if (passing != null) {
            return new RetryableException(place + ' ' + passing);
        }
        return error instanceof ErrorType
                ? new RetryableException(place + " refuses: " + words)
                : new RetryableException(place + ' ' + unreachable(error, words));
    }

    /** What only another configuration can mend. */
    private static String fatal(String words) {
        if (words.startsWith("WRONGPASS") || words.startsWith("ERR invalid password") || words.startsWith("ERR AUTH")) {
            return "refuses the user name or the password; correct registry.redis.username and registry.redis.password";
        }
        if (words.startsWith("NOAUTH")) {
            return "asks for a password; set registry.redis.password";
        }
        if (words.startsWith("NOPERM") || words.contains("ACL failure") || words.startsWith("The user executing the script")) {
            return "doesn't allow its user what the registry needs (" + words + "); allow it the commands hmget, hget, hgetall,"
                    + " hset, hdel, del, eval, evalsha, time, wait, sadd, smembers, hello and select on the keys of"
                    + " registry.redis.prefix";
        }
        if (words.startsWith("MOVED") || words.startsWith("ASK ")) {
            return "is part of a cluster; set registry.redis.client-type to cluster";
        }
        if (words.contains("cluster support disabled")) {
            return "is no cluster; set registry.redis.client-type to standalone";
        }
        if (words.contains("No such master")) {
            return "isn't known to them; correct registry.redis.master-name";
        }
        if (words.contains("DB index is out of range")) {
            return "has no database of this number; correct registry.redis.database";
        }
        if (words.startsWith("WRONGTYPE")) {
            return "has other things under the keys of registry.redis.prefix; choose another prefix";
        }
        return null;
    }

    /** What ends by itself. */
    private static String passing(String words) {
        if (words.startsWith("READONLY")) {
            return "is a replica and can't be written; it has to become the master, or registry.redis.hosts be corrected";
        }
        return words.startsWith("LOADING") ? "is still reading its data" : null;
    }

    private static String unreachable(Throwable error, String words) {
        Throwable untrusted = last(GeneralSecurityException.class, error);
        if (untrusted != null) {
            return "has a certificate that isn't trusted (" + words(untrusted)
                    + "); check registry.redis.tls.ca and the name in registry.redis.hosts";
        }
        Throwable encryption = last(SSLException.class, error);
        if (encryption != null) {
            return "takes no encrypted connection (" + words(encryption)
                    + "); check registry.redis.tls, and whether the server speaks TLS on this port";
        }
        return last(UnknownHostException.class, error) != null
                ? "can't be found (" + words + "); check registry.redis.hosts"
                : "can't be reached: " + words;
    }

    /** The innermost cause of a type; null when there is none. */
    private static Throwable last(Class<? extends Throwable> type, Throwable error) {
        Throwable last = null;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            last = type.isInstance(cause) ? cause : last;
        }
        return last;
    }

    /** The error in one line, without the full stop. */
    private static String words(Throwable error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return error.getClass().getSimpleName();
        }
        Matcher listed = LISTED.matcher(message);
        String line = listed.find() ? listed.group(1) : message.lines().findFirst().orElse(message);
        Matcher inScript = IN_SCRIPT.matcher(line);
        line = (inScript.matches() ? inScript.group(1) : line).strip();
        if (line.equals("CONNECTION_CLOSED") || line.equals("Connection was closed")) {
            return "the connection was closed";
        }
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
