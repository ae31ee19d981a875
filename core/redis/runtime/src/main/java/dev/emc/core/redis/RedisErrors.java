package dev.emc.core.redis;

import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import io.vertx.redis.client.impl.types.ErrorType;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.RetryableException;

/**
 * What the server and the way to it say, as sentences. They repeat only the first words about it, and no exception of the
 * client is handed on, because some hold the addresses with user name and password.
 */
public final class RedisErrors {

    /** After these the connection may lead to a server that isn't, or isn't yet, in charge. */
    private static final List<String> ELSEWHERE = List.of("READONLY", "MASTERDOWN", "CLUSTERDOWN", "MOVED", "LOADING");
    /** The client's own word for it comes as if the server had said it. */
    private static final String CLOSED = "the connection was closed";
    /** Redis 6 quotes errors inside scripts like this; later ones give them their own first word. */
    private static final Pattern IN_SCRIPT = Pattern.compile("ERR Error running script.*@user_script: ?(?:[0-9]+: ?)?-?(.*)");
    /** How the client lists what it heard from several servers. */
    private static final Pattern LISTED = Pattern.compile("\n- (?:rediss?://\\S+: )?(?:[\\w.]+Exception: )?(.*)");

    /** Before what a sentinel says about the credentials. */
    static final String SENTINEL = "SENTINEL ";
    private static final String FULL = "has no memory left (OOM); raise its maxmemory, or let it evict or free something";
    /** How the client names the server that it couldn't reach, which the place has named already. */
    private static final Pattern ADDRESS = Pattern.compile(": [^\\s:]*/\\S+:[0-9]+$");
    private final String place;
    private final Duration timeout;
    private final Use use;

    /**
     * What the server is used for.
     *
     * @param who uses it, such as {@code the registry}
     * @param keys what the user has to write before the keys of a server, such as {@code registry.redis.}
     * @param denied what to do when the server's user isn't allowed something: a main clause
     * @param wrongType what to say of a key that holds another kind of value, after the server's name; it counts as final
     */
    public record Use(String who, String keys, String denied, String wrongType) {}

    /** @param place for the user: {@code the Redis server 127.0.0.1:6379} */
    public RedisErrors(String place, Duration timeout, Use use) {
        this.place = place;
        this.timeout = timeout;
        this.use = use;
    }

    /** Whether the server has answered as the one in charge, so that the connection is fine. */
    public static boolean isAnswer(Throwable error) {
        String words = words(error);
        return error instanceof ErrorType && !words.equals(CLOSED) && ELSEWHERE.stream().noneMatch(words::startsWith);
    }

    public static boolean isUnknownScript(Throwable error) {
        return error instanceof ErrorType && words(error).startsWith("NOSCRIPT");
    }

    /** The answer that didn't come in time. */
    public ConnectorException noAnswer() {
        return new RetryableException(
                place + " did not answer within " + timeout.toMillis() + " ms; look whether it hangs or has"
                        + " too much to do, or raise " + use.keys + "timeout");
    }

    /** What went wrong with a request, or on the way to the server. */
    public ConnectorException of(Throwable error) {
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
        return error instanceof ErrorType && !words.equals(CLOSED)
                ? new RetryableException(place + " refuses: " + words)
                : new RetryableException(place + ' ' + unreachable(error, words));
    }

    /** What only another configuration can mend. */
    private String fatal(String words) {
        if (words.startsWith(SENTINEL + "NOAUTH")) {
            return "is known to sentinels that ask for a password; set " + use.keys + "sentinel-password";
        }
        if (words.startsWith(SENTINEL)) {
            return "is known to sentinels that refuse the user name or the password; correct " + use.keys
                    + "sentinel-username and " + use.keys + "sentinel-password";
        }
        if (words.startsWith("WRONGPASS") || words.startsWith("ERR invalid password") || words.startsWith("ERR AUTH")) {
            return "refuses the user name or the password; correct " + use.keys + "username and " + use.keys + "password";
        }
        if (words.startsWith("NOAUTH")) {
            return "asks for a password; set " + use.keys + "password";
        }
        if (words.startsWith("NOPERM") || words.contains("ACL failure") || words.startsWith("The user executing the script")) {
            return "doesn't allow its user what " + use.who + " needs (" + words + "); " + use.denied;
        }
        if (words.startsWith("ERR unknown command")) {
            return "doesn't know a command that " + use.who + " needs (" + words.replaceFirst(",.*", "")
                    + "); it has to be Redis 6.2 or newer, with that command switched on";
        }
        if (words.startsWith("MOVED") || words.startsWith("ASK ")) {
            return "is part of a cluster; set " + use.keys + "client-type to cluster";
        }
        if (words.contains("cluster support disabled")) {
            return "is no cluster; set " + use.keys + "client-type to standalone";
        }
        if (words.contains("No such master")) {
            return "isn't known to them; correct " + use.keys + "master-name";
        }
        if (words.contains("DB index is out of range")) {
            return "has no database of this number; correct " + use.keys + "database";
        }
        if (words.startsWith("WRONGTYPE")) {
            return use.wrongType;
        }
        return null;
    }

    /** What ends by itself, or when somebody sees to the server. */
    private String passing(String words) {
        return switch (words.replaceFirst("[ :].*", "")) {
            case "READONLY" -> "is a replica and can't be written; make it the master, or correct " + use.keys + "hosts";
            case "LOADING" -> "is still reading its data; the worker waits for it";
            case "MASTERDOWN" -> "is a replica that has lost its master; look at the master, or correct " + use.keys + "hosts";
            case "CLUSTERDOWN" -> "is part of a cluster that is not complete; start its other nodes";
            case "NOREPLICAS" -> "has fewer replicas in order than its min-replicas-to-write; look at the replicas";
            case "MISCONF" -> "can't save its data to its disk and takes no more; look at its log and its disk";
            case "BUSY" -> "is busy with a script that takes too long; wait for it, or end it with SCRIPT KILL";
            case "OOM" -> FULL;
            default -> words.contains("OOM command not allowed") ? FULL : null;
        };
    }

    private String unreachable(Throwable error, String words) {
        Throwable untrusted = last(GeneralSecurityException.class, error);
        if (untrusted != null) {
            return "has a certificate that isn't trusted (" + words(untrusted)
                    + "); check " + use.keys + "tls.ca and the name in " + use.keys + "hosts";
        }
        Throwable encryption = last(SSLException.class, error);
        if (encryption != null) {
            return "takes no encrypted connection (" + words(encryption)
                    + "); check " + use.keys + "tls, and whether the server speaks TLS on this port";
        }
        return last(UnknownHostException.class, error) != null
                ? "can't be found (" + words + "); check " + use.keys + "hosts"
                : "can't be reached (" + decapitalized(ADDRESS.matcher(words).replaceFirst("")) + "); start it, or correct "
                        + use.keys + "hosts";
    }

    private static String decapitalized(String words) {
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
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
            return CLOSED;
        }
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
