package dev.emc.core.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** What the keys of the registry must fulfil beyond their types. */
final class RegistryRules {

    private static final String REDIS = "registry.redis.";
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Pattern PREFIX = Pattern.compile("[^\\s{}]+");

    private final Map<String, String> values;
    private final WorkerRules.Report report;

    RegistryRules(Map<String, String> values, WorkerRules.Report report) {
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
        RedisRules.check(REDIS, key -> values.get(REDIS + key),
                (key, message, suggestion) -> report.error(REDIS + key, message, suggestion));
        replicas();
        String prefix = values.get(REDIS + "prefix");
        if (prefix != null && !PREFIX.matcher(prefix).matches()) {
            report.error(REDIS + "prefix", "must have no blanks and no braces", null);
        }
    }

    private void replicas() {
        String replicas = values.get(REDIS + "replicas");
        if (replicas == null) {
            return;
        }
        String type = values.get(REDIS + "client-type");
        if (Long.parseLong(replicas) < 0) {
            report.error(REDIS + "replicas", "must be 0 or more, not " + replicas, null);
        } else if (Long.parseLong(replicas) > 0 && ("cluster".equalsIgnoreCase(type) || "replication".equalsIgnoreCase(type))) {
            report.error(REDIS + "replicas", "can be waited for with the client types standalone and sentinel only",
                    "remove it");
        }
    }
}
