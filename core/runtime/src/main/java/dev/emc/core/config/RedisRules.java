package dev.emc.core.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What the keys of the {@code redis} registry must fulfil beyond their types, when that is the registry. */
final class RedisRules {

    private static final String REDIS = "registry.redis.";
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[^\\s:/@\\[\\]]+):([0-9]{1,5})");
    private static final Pattern PREFIX = Pattern.compile("[^\\s{}]+");
    private static final String[] TLS_FILES = {"tls.ca", "tls.certificate", "tls.key"};

    private final Map<String, String> values;
    private final WorkerRules.Report report;

    RedisRules(Map<String, String> values, WorkerRules.Report report) {
        this.values = values;
        this.report = report;
    }

    void check() {
        String lease = values.get("registry.lease");
        if (lease != null && Duration.parse(lease).compareTo(SHORTEST_LEASE) < 0) {
            report.error("registry.lease", "must be 1s or longer", null);
        }
        if (!"redis".equalsIgnoreCase(values.get("registry.type"))) {
            return;
        }
        String type = value("client-type") == null ? "standalone" : value("client-type").toLowerCase(Locale.ROOT);
        hosts(type);
        database(type);
        replicas(type);
        credentials();
        tls();
        if (value("prefix") != null && !PREFIX.matcher(value("prefix")).matches()) {
            report.error(REDIS + "prefix", "must have no blanks and no braces", null);
        }
        if (value("timeout") != null && Duration.parse(value("timeout")).isZero()) {
            report.error(REDIS + "timeout", "must be longer than 0", null);
        }
    }

    private String value(String key) {
        return values.get(REDIS + key);
    }

    private void hosts(String type) {
        if (value("hosts") == null) {
            return;
        }
        List<String> hosts = ValueList.split(value("hosts"));
        for (String host : hosts) {
            var parts = HOST.matcher(host);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) == 0 || Integer.parseInt(parts.group(2)) > 65_535) {
                boolean url = host.indexOf('@') >= 0 || host.contains("://");
                report.error(REDIS + "hosts",
                        "expected host:port" + (url ? ", without a scheme, user or path" : ", not \"" + host + "\""),
                        url
                                ? "user, password, database and TLS have keys of their own"
                                : "a Redis server's port is mostly 6379");
                return;
            }
        }
        if (hosts.size() > 1 && type.equals("standalone")) {
            report.error(REDIS + "hosts", "a standalone server has one address",
                    "set registry.redis.client-type to sentinel, cluster or replication");
        }
    }

    private void database(String type) {
        String database = value("database");
        if (database == null) {
            return;
        }
        long number = Long.parseLong(database);
        if (number < 0) {
            report.error(REDIS + "database", "must be 0 or more, not " + database, null);
        } else if (number > 0 && type.equals("cluster")) {
            report.error(REDIS + "database", "a cluster has only the database 0", "remove it");
        }
    }

    private void replicas(String type) {
        String replicas = value("replicas");
        if (replicas == null) {
            return;
        }
        if (Long.parseLong(replicas) < 0) {
            report.error(REDIS + "replicas", "must be 0 or more, not " + replicas, null);
        } else if (Long.parseLong(replicas) > 0 && (type.equals("cluster") || type.equals("replication"))) {
            report.error(REDIS + "replicas", "can be waited for with the client types standalone and sentinel only",
                    "remove it");
        }
    }

    private void credentials() {
        if (value("username") != null && value("password") == null) {
            report.error(REDIS + "username", "needs a password", "set registry.redis.password");
        }
    }

    private void tls() {
        boolean enabled = "true".equalsIgnoreCase(value("tls.enabled"));
        for (String key : TLS_FILES) {
            String file = value(key);
            if (file != null && !enabled) {
                report.error(REDIS + key, "has no effect without TLS", "set registry.redis.tls.enabled to true");
            } else if (file != null && !Files.isReadable(Path.of(file))) {
                report.error(REDIS + key, "there is no file " + file + " that this user may read", null);
            }
        }
        if (value("tls.certificate") != null && value("tls.key") == null) {
            report.error(REDIS + "tls.certificate", "needs its private key", "set registry.redis.tls.key");
        }
        if (value("tls.key") != null && value("tls.certificate") == null) {
            report.error(REDIS + "tls.key", "needs the certificate it belongs to", "set registry.redis.tls.certificate");
        }
    }
}
