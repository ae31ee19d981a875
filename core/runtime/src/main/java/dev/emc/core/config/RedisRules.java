package dev.emc.core.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What the keys of {@link RedisAccess} must fulfil beyond their types. */
public final class RedisRules {

    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[^\\s:/@\\[\\]]+):([0-9]{1,5})");
    private static final String[] TLS_FILES = {"tls.ca", "tls.certificate", "tls.key", "tls.keystore", "tls.truststore"};

    private final String prefix;
    private final UnaryOperator<String> values;
    private final Report report;
    private final String type;

    /** Takes a problem: the key, such as {@code hosts}; what is wrong; what to do, null for none. */
    public interface Report {
        void error(String key, String message, String suggestion);
    }

    private RedisRules(String prefix, UnaryOperator<String> values, Report report) {
        this.prefix = prefix;
        this.values = values;
        this.report = report;
        this.type = value("client-type") == null ? "standalone" : value("client-type").toLowerCase(Locale.ROOT);
    }

    /**
     * Reports what can't work.
     *
     * @param prefix what the user has to write before the keys, such as {@code registry.redis.}
     * @param values the value of a key such as {@code hosts}; null when it isn't set
     */
    public static void check(String prefix, UnaryOperator<String> values, Report report) {
        RedisRules rules = new RedisRules(prefix, values, report);
        rules.hosts();
        rules.database();
        rules.credentials();
        rules.sentinelCredentials();
        rules.tls();
        String timeout = rules.value("timeout");
        if (timeout != null && Duration.parse(timeout).isZero()) {
            rules.report.error("timeout", "must be longer than 0", null);
        }
    }

    private String value(String key) {
        return values.apply(key);
    }

    private void hosts() {
        if (value("hosts") == null) {
            return;
        }
        List<String> hosts = ValueList.split(value("hosts"));
        for (String host : hosts) {
            var parts = HOST.matcher(host);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) == 0 || Integer.parseInt(parts.group(2)) > 65_535) {
                boolean url = host.indexOf('@') >= 0 || host.contains("://");
                report.error("hosts",
                        "expected host:port" + (url ? ", without a scheme, user or path" : ", not \"" + host + "\""),
                        url
                                ? "user, password, database and TLS have keys of their own"
                                : "a Redis server's port is mostly 6379");
                return;
            }
        }
        if (hosts.size() > 1 && type.equals("standalone")) {
            report.error("hosts", "a standalone server has one address",
                    "set " + prefix + "client-type to sentinel, cluster or replication");
        }
    }

    private void database() {
        String database = value("database");
        if (database == null) {
            return;
        }
        long number = Long.parseLong(database);
        if (number < 0) {
            report.error("database", "must be 0 or more, not " + database, null);
        } else if (number > 0 && type.equals("cluster")) {
            report.error("database", "a cluster has only the database 0", "remove it");
        }
    }

    private void sentinelCredentials() {
        if (value("sentinel-username") != null && value("sentinel-password") == null) {
            report.error("sentinel-username", "needs a password", "set " + prefix + "sentinel-password");
        }
    }

    private void credentials() {
        if (value("username") != null && value("password") == null) {
            report.error("username", "needs a password", "set " + prefix + "password");
        }
    }

    private void tls() {
        boolean enabled = "true".equalsIgnoreCase(value("tls.enabled"));
        for (String key : TLS_FILES) {
            String file = value(key);
            if (file != null && !enabled) {
                report.error(key, "has no effect without TLS", "set " + prefix + "tls.enabled to true");
            } else if (file != null && !Files.isReadable(Path.of(file))) {
                report.error(key, "there is no file " + file + " that this user may read", null);
            }
        }
        if (value("tls.certificate") != null && value("tls.key") == null) {
            report.error("tls.certificate", "needs its private key", "set " + prefix + "tls.key");
        }
        if (value("tls.key") != null && value("tls.certificate") == null) {
            report.error("tls.key", "needs the certificate it belongs to", "set " + prefix + "tls.certificate");
        }
    }
}
