package dev.emc.kafka;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

import dev.emc.api.ConfigProblem;
import dev.emc.kit.Spelling;
import dev.emc.kit.Tls;
import dev.emc.kit.TlsSettings;

/** What is wrong with settings that sources and sinks have in common. */
final class Rules {

    private Rules() {}

    static void connection(List<String> servers, TlsSettings tls, SaslSettings sasl, List<ConfigProblem> problems) {
        for (String server : servers) {
            if (!server.matches("(\\w+://)?(\\[[^\\]]+\\]|[^:/\\s]+):\\d{1,5}")) {
                problems.add(new ConfigProblem("bootstrap-servers", "\"" + server + "\" is no host:port"));
            }
        }
        problems.addAll(Tls.check("tls", tls));
        SaslRules.check(sasl, problems);
    }

    static void positive(String key, long value, List<ConfigProblem> problems) {
        if (value <= 0 || value > Integer.MAX_VALUE) {
            problems.add(new ConfigProblem(key,
                    value <= 0 ? "must be more than 0" : "is too much for Kafka, the most is 2147483647"));
        }
    }

    /**
     * Looks at Kafka's own properties.
     *
     * @param key of the map
     * @param owned properties that emc sets itself, each with what to use in its place
     */
    static void properties(String key, Map<String, String> own, ConfigDef definition, Map<String, String> owned,
            List<ConfigProblem> problems) {
        Set<String> names = definition.names();
        own.forEach((name, value) -> {
            String where = key + '.' + name;
            if (owned.containsKey(name)) {
                problems.add(new ConfigProblem(where, "is set by emc itself", owned.get(name)));
            } else if (!names.contains(name)) {
                String nearest = Spelling.nearest(name, names);
                problems.add(new ConfigProblem(where, "Kafka's " + key + " has no such property",
                        nearest == null ? null : "did you mean " + nearest + "?"));
            } else {
                value(where, definition.configKeys().get(name), value, problems);
            }
        });
    }

    private static void value(String where, ConfigDef.ConfigKey property, String value, List<ConfigProblem> problems) {
        if (property.type == ConfigDef.Type.CLASS || property.type == ConfigDef.Type.LIST) {
            return; // looked up when the client is made
        }
        try {
            Object parsed = ConfigDef.parseType(property.name, value, property.type);
            if (property.validator != null) {
                property.validator.ensureValid(property.name, parsed);
            }
        } catch (ConfigException wrong) {
            // its message has the value, which may be a secret
            problems.add(new ConfigProblem(where, "is no value that Kafka takes: expected " + property.type.name().toLowerCase()
                    + (property.validator == null ? "" : " " + property.validator)));
        }
    }
}
