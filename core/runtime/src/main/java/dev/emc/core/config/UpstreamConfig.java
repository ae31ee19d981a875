package dev.emc.core.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.core.config.ConfigCheck.Given;
import dev.emc.core.config.ConfigFile.Entry;
import dev.emc.core.config.Descriptor.IgnoredKey;
import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Descriptor.KeyType;
import dev.emc.core.config.Problem.Severity;

/**
 * EventMesh's own connector files ({@code sink-config.yml}, {@code source-config.yml}), translated key by key. As
 * EventMesh does, unknown keys are left out, but not in silence.
 */
final class UpstreamConfig {

    private static final String CONNECTOR = "connectorConfig";
    private static final Set<String> SOURCE_CONNECTOR = Set.of("sourceConnectorConfig", "sourceConfig");
    private static final Set<String> SINK_CONNECTOR = Set.of("sinkConnectorConfig", "sinkConfig");
    private static final Set<String> OTHER_ROOTS = Set.of(CONNECTOR, "pubSubConfig", "offsetStorageConfig", "pollConfig",
            "sourceEnable", "sinkEnable");

    /**
     * The outcome.
     *
     * @param values by our names
     * @param broken our names of keys whose value can't be resolved, which was reported already
     */
    record Translation(Map<String, Given> values, Map<String, String> quarkus, Set<String> broken, List<Problem> problems) {}

    private final Descriptor descriptor;
    private final ConfigFile file;
    private final Map<String, Key> keys = new HashMap<>();
    private final Map<String, String> ignored = new HashMap<>();
    private final Translation result = new Translation(new LinkedHashMap<>(), new LinkedHashMap<>(), new HashSet<>(),
            new ArrayList<>());

    UpstreamConfig(Descriptor descriptor, ConfigFile file) {
        this.descriptor = descriptor;
        this.file = file;
        for (Key key : descriptor.keys()) {
            for (String upstream : key.upstream()) {
                keys.putIfAbsent(upstream, key);
            }
        }
        for (IgnoredKey key : descriptor.ignored()) {
            ignored.put(key.key(), key.because());
        }
        if (descriptor.isSource()) {
            ignored.putIfAbsent("pollConfig.maxWaitTime", "records are sent as soon as they are read");
            ignored.putIfAbsent("sourceEnable", "this executable is the source");
            ignored.putIfAbsent("sinkEnable", "this executable is the source only; the sink is one of its own");
            ignored.putIfAbsent("offsetStorageConfig",
                    "progress is kept in the registry, a folder by default (registry.type, registry.path)");
        } else {
            ignored.putIfAbsent("pollConfig.maxWaitTime", "a sink doesn't poll");
            ignored.putIfAbsent("sinkEnable", "this executable is the sink");
            ignored.putIfAbsent("sourceEnable", "this executable is the sink only; the source is one of its own");
            ignored.putIfAbsent("offsetStorageConfig", "a sink keeps no offsets, EventMesh does");
        }
    }

    /** Whether a file has the form of EventMesh's own. */
    static boolean isUpstream(ConfigFile file) {
        return file.entries().stream().anyMatch(entry -> isRoot(root(entry.key())));
    }

    /** Our key for one of EventMesh's that stands among ours, such as {@code filePath}; null when there is none. */
    static String ours(Descriptor descriptor, String key) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        for (Key candidate : descriptor.keys()) {
            for (String upstream : candidate.upstream()) {
                if (upstream.equals(key) || upstream.endsWith("." + last)) {
                    return candidate.name();
                }
            }
        }
        return null;
    }

    /** What stands above one of EventMesh's keys, in the spelling of a file. */
    static String parent(String upstream, ConfigFile file) {
        int dot = upstream.lastIndexOf('.');
        String parent = dot < 0 ? "" : upstream.substring(0, dot);
        if (parent.equals(CONNECTOR)) {
            for (Entry entry : file.entries()) {
                if (isConnectorRoot(root(entry.key()))) {
                    return root(entry.key());
                }
            }
        }
        return parent;
    }

    Translation translate() {
        Entry first = file.entries().stream().filter(entry -> isRoot(root(entry.key()))).findFirst().orElseThrow();
        Set<String> ourRoots = new HashSet<>();
        descriptor.keys().forEach(key -> ourRoots.add(root(key.name())));
        for (Entry entry : file.entries()) {
            String root = root(entry.key());
            String path = isConnectorRoot(root) ? CONNECTOR + entry.key().substring(root.length()) : entry.key();
            if (root.equals("quarkus")) {
                if (entry.text() != null) {
                    result.quarkus.put(entry.key(), entry.text());
                }
            } else if (wrongRole(root)) {
                report(Severity.ERROR, entry, "belongs to a " + (descriptor.isSource() ? "sink" : "source") + ", and this is "
                        + descriptor.name(), "give the file of the " + descriptor.role());
            } else if (keys.containsKey(path)) {
                known(entry, keys.get(path));
            } else if (ignored.containsKey(path)) {
                noEffect(entry, ignored.get(path));
            } else if (ignored.containsKey(root)) {
                noEffect(entry, ignored.get(root));
            } else if (ourRoots.contains(root)) {
                report(Severity.ERROR, entry, "stands in a file of EventMesh's own form (" + first.key() + " in line "
                        + first.line() + ")", "use one form or the other");
            } else if (entry.text() != null || !isRoot(path)) {
                String nearest = nearest(path);
                report(Severity.WARNING, entry, "unknown key, without effect",
                        nearest == null ? null : "did you mean " + nearest + "?");
            }
        }
        for (Key key : descriptor.keys()) {
            if (key.upstreamDefault() != null && !result.broken.contains(key.name())) {
                result.values.putIfAbsent(key.name(),
                        new Given(file.name(), 0, key.name(), key.upstreamDefault(), false, false));
            }
        }
        return result;
    }

    private boolean wrongRole(String root) {
        return (descriptor.isSource() ? SINK_CONNECTOR : SOURCE_CONNECTOR).contains(root);
    }

    private void known(Entry entry, Key key) {
        if (entry.broken()) {
            result.broken.add(key.name());
            return;
        }
        if (entry.text() == null) {
            return;
        }
        Given value = Given.of(file, entry);
        if (key.type() == KeyType.DURATION && !entry.text().isEmpty() && entry.text().chars().allMatch(Character::isDigit)) {
            value = new Given(value.place(), value.line(), value.key(), entry.text() + "ms", false, value.dynamic());
        }
        Given other = result.values.putIfAbsent(key.name(), value);
        if (other != null) {
            noEffect(entry, other.key() + " in line " + other.line() + " says the same and comes first");
        }
    }

    private void noEffect(Entry entry, String because) {
        report(Severity.NOTE, entry, "has no effect: " + because, null);
    }

    private String nearest(String path) {
        var candidates = new ArrayList<>(keys.keySet());
        candidates.addAll(ignored.keySet());
        candidates.sort(null);
        String nearest = Nearest.key(path, candidates);
        if (nearest == null || !nearest.startsWith(CONNECTOR + ".")) {
            return nearest;
        }
        return parent(nearest, file) + nearest.substring(nearest.lastIndexOf('.'));
    }

    private void report(Severity severity, Entry entry, String message, String suggestion) {
        result.problems.add(new Problem(severity, file.name(), entry.line(), entry.key(), message, suggestion));
    }

    private static boolean isRoot(String root) {
        return OTHER_ROOTS.contains(root) || isConnectorRoot(root);
    }

    private static boolean isConnectorRoot(String root) {
        return root.equals(CONNECTOR) || SOURCE_CONNECTOR.contains(root) || SINK_CONNECTOR.contains(root);
    }

    private static String root(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }
}
