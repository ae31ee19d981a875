package dev.emc.core.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.core.config.ConfigFile.Entry;
import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Descriptor.KeyType;
import dev.emc.core.config.Problem.Severity;
import dev.emc.core.config.Values.BadValue;
import dev.emc.kit.Spelling;

/**
 * Puts the settings together — defaults, then the file, environment variables ({@code EMC_MESH_ADDRESS}), system
 * properties ({@code -Demc.mesh.address=}), {@code --set} — and finds everything that is wrong with them at once.
 */
public final class ConfigCheck {

    private static final String SET = "--set";
    private static final String QUARKUS = "quarkus.";

    /**
     * A setting from the command line.
     *
     * @param option the option it was given by
     * @param key null when the argument of {@code --set} holds key and value
     */
    public record Argument(String option, String key, String value) {

        /** From an argument {@code key=value} of {@code --set}. */
        public static Argument set(String argument) {
            return new Argument(SET, null, argument);
        }
    }

    private final Descriptor descriptor;
    private final ConfigFile file;
    private final Environment environment;
    private final Map<String, Key> keys = new LinkedHashMap<>();
    private final List<Key> maps = new ArrayList<>();
    private final Map<String, Given> given = new LinkedHashMap<>();
    /** The defaults of keys whose variable is empty: the configuration system would take that for a value. */
    private final Map<String, Given> emptyVariables = new LinkedHashMap<>();
    private final Map<String, String> quarkus = new LinkedHashMap<>();
    private final Map<String, String> quarkusSet = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    /** Keys that are set in some way, however badly: nobody wants to read that they are missing, too. */
    private final Set<String> mentioned = new HashSet<>();
    private boolean upstream;

    /**
     * A value with where it comes from.
     *
     * @param key as the user wrote it; null when the place says it
     */
    record Given(String place, int line, String key, String text, boolean list, boolean dynamic) {

        static Given of(ConfigFile file, Entry entry) {
            return new Given(file.name(), entry.line(), entry.key(), entry.text(), entry.list(), entry.dynamic());
        }
    }

    private ConfigCheck(Descriptor descriptor, ConfigFile file, Environment environment) {
        this.descriptor = descriptor;
        this.file = file;
        this.environment = environment;
        for (Key key : descriptor.keys()) {
            keys.put(key.name(), key);
            if (key.type() == KeyType.MAP) {
                maps.add(key);
            }
        }
    }

    /**
     * Checks a file together with what overrides it.
     *
     * @param file null when there is none
     * @param overrides from the command line; a later one wins
     */
    public static Settings check(Descriptor descriptor, ConfigFile file, List<Argument> overrides,
            Environment environment) {
        return new ConfigCheck(descriptor, file, environment).check(overrides);
    }

    private Settings check(List<Argument> overrides) {
        if (file != null) {
            problems.addAll(file.problems());
            takeFile();
        }
        takeEnvironment();
        for (Argument override : overrides) {
            if (override.key() == null) {
                takeSet(override.value());
            } else {
                given.put(override.key(), new Given(override.option(), 0, null, override.value(), false, false));
            }
        }
        emptyVariables.forEach(given::putIfAbsent);
        var values = new LinkedHashMap<String, String>();
        given.forEach((name, value) -> checkValue(name, value, values));
        boolean readable = file == null || !file.entries().isEmpty();
        if (readable) {
            checkRequired(values);
        }
        new WorkerRules(descriptor, values, this::problem).check();
        problems.sort(Problem.BY_PLACE);
        var places = new LinkedHashMap<String, Settings.Place>();
        given.forEach((name, value) -> places.put(name, new Settings.Place(value.place(), value.line(), value.key())));
        return new Settings(values, quarkus, quarkusSet, List.copyOf(problems), file == null ? null : file.name(), upstream,
                places);
    }

    private void takeFile() {
        if (UpstreamConfig.isUpstream(file)) {
            upstream = true;
            var translated = new UpstreamConfig(descriptor, file).translate();
            problems.addAll(translated.problems());
            mentioned.addAll(translated.broken());
            translated.values().forEach(given::put);
            quarkus.putAll(translated.quarkus());
            return;
        }
        for (Entry entry : file.entries()) {
            if (entry.key().startsWith(QUARKUS)) {
                if (entry.text() != null) {
                    quarkus.put(entry.key(), entry.text());
                }
                continue;
            }
            String name = resolve(entry.key());
            if (name == null) {
                unknown(file.name(), entry.line(), entry.key(), entry.text() == null && !entry.broken());
            } else if (entry.broken()) {
                mentioned.add(name);
            } else if (entry.text() != null) {
                given.put(name, Given.of(file, entry));
            }
        }
    }

    private void takeEnvironment() {
        var names = new HashSet<String>();
        for (String key : keys.keySet()) {
            String variable = Environment.variableOf(key);
            names.add(variable);
            String value = environment.variable(variable);
            if (value != null && !value.isEmpty()) {
                given.put(key, new Given(variable, 0, key, value, false, false));
            } else if (value != null && keys.get(key).defaultValue() != null) {
                emptyVariables.put(key, new Given(variable, 0, key, keys.get(key).defaultValue(), false, false));
            }
            String property = environment.property("emc." + key);
            if (property != null) {
                given.put(key, new Given("-Demc." + key, 0, key, property, false, false));
            }
        }
        for (String variable : environment.variables().keySet()) {
            if (variable.startsWith("EMC_") && !names.contains(variable)) {
                String nearest = Nearest.of(variable, names);
                if (nearest != null && Spelling.distance(variable, nearest) <= Math.max(1, variable.length() / 8)) {
                    problems.add(new Problem(Severity.WARNING, variable, 0, null, "this environment variable sets no key",
                            "did you mean " + nearest + "?"));
                }
            }
        }
    }

    private void takeSet(String argument) {
        int equals = argument.indexOf('=');
        if (equals <= 0) {
            problems.add(new Problem(Severity.ERROR, SET, 0, null, "expected key=value",
                    "write for example " + SET + " mesh.address=127.0.0.1:10000"));
            return;
        }
        String key = argument.substring(0, equals).trim();
        String value = argument.substring(equals + 1);
        if (key.startsWith(QUARKUS)) {
            quarkusSet.put(key, value);
            return;
        }
        String name = resolve(key);
        if (name == null) {
            unknown(SET, 0, key, false);
        } else {
            given.put(name, new Given(SET, 0, key, value, false, false));
        }
    }

    /** The name of a key of the descriptor, or of an element of one of its maps; null when there is none. */
    private String resolve(String key) {
        if (keys.containsKey(key)) {
            return keys.get(key).type() == KeyType.MAP ? null : key;
        }
        for (Key map : maps) {
            if (key.startsWith(map.name() + ".") && key.length() > map.name().length() + 1) {
                String element = key.substring(map.name().length() + 1);
                return map.name() + "."
                        + (element.indexOf('.') < 0 || element.startsWith("\"") ? element : '"' + element + '"');
            }
        }
        return null;
    }

    private void unknown(String place, int line, String key, boolean empty) {
        List<String> below = keys.keySet().stream().filter(k -> k.startsWith(key + ".")).toList();
        if (!below.isEmpty()) {
            if (!empty) {
                error(place, line, key, "takes no value of its own", "its keys are " + String.join(", ", below));
            }
            return;
        }
        if (keys.containsKey(key)) {
            if (!empty) {
                error(place, line, key, "takes keys with values below it, not a value", null);
            }
            return;
        }
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            String parent = key.substring(0, dot);
            int bracket = parent.indexOf('[');
            String leaf = bracket < 0 ? parent : parent.substring(0, bracket);
            if (keys.containsKey(leaf)) {
                mentioned.add(leaf);
                error(place, line, key, "is below " + leaf + ", which takes a value and no keys", null);
                return;
            }
        }
        for (Descriptor.Sibling sibling : descriptor.siblings()) {
            if (sibling.keys().contains(key)) {
                error(place, line, key, "is a key of " + sibling.name() + ", not of " + descriptor.name(),
                        "remove it, or use emc-" + sibling.name());
                return;
            }
        }
        if (key.startsWith("emc.") && keys.containsKey(key.substring(4))) {
            mentioned.add(key.substring(4));
            error(place, line, key, "unknown key", "keys are written without \"emc.\": " + key.substring(4));
            return;
        }
        String nearest = UpstreamConfig.ours(descriptor, key);
        if (nearest == null) {
            nearest = Nearest.key(key, connectorFirst());
        }
        if (nearest != null) {
            mentioned.add(nearest);
        }
        error(place, line, key, "unknown key", nearest != null
                ? "did you mean " + nearest + "?"
                : "\"emc-" + descriptor.name() + " describe\" lists the keys");
    }

    /** The keys that people set most come first: {@code path} alone means {@code connector.path}. */
    private List<String> connectorFirst() {
        return keys.keySet().stream().sorted(Comparator.comparing(key -> !key.startsWith("connector."))).toList();
    }

    private void checkValue(String name, Given value, Map<String, String> values) {
        Key key = keys.get(name);
        if (key == null) {
            values.put(name, value.text());
            return;
        }
        mentioned.add(name);
        if (value.list() && !key.list()) {
            error(value, "takes one value, not a list", null);
            return;
        }
        if (value.text().isBlank() && (key.type() != KeyType.STRING || value.text().isEmpty())) {
            if (key.required()) {
                error(value, "is required and must not be empty", null);
            } else if (key.defaultValue() != null) {
                error(value, "must not be empty", "remove it for the default, " + key.defaultValue());
            }
            return;
        }
        if (isPath(key) && value.text().startsWith("~/")) {
            error(value, "a path can't start with ~, which only a shell replaces", "write ${HOME}" + value.text().substring(1));
            return;
        }
        try {
            values.put(name, Values.normalise(key, value.text()));
        } catch (BadValue e) {
            error(value, e.getMessage() + found(key, value), suggestion(key, value, e));
        }
    }

    private static boolean isPath(Key key) {
        return !key.secret() && (key.type() == KeyType.PATH || last(key.name()).equals("path"));
    }

    private static String suggestion(Key key, Given value, BadValue problem) {
        if (value.place().startsWith("EMC_") && value.text().startsWith("tcp://")) {
            return "Kubernetes sets this for a service of such a name, \"enableServiceLinks: false\" in the pod turns it off";
        }
        return problem.suggestion() == null || key.secret() ? null : "did you mean " + problem.suggestion() + "?";
    }

    /** The value in an error message, unless it may be a secret. */
    private static String found(Key key, Given value) {
        if (key.secret()) {
            return "";
        }
        return value.dynamic() ? ", but ${…} stands for something else" : ", not \"" + shorten(value.text()) + "\"";
    }

    private static String shorten(String text) {
        String line = text.replace("\n", "\\n").replace("\r", "\\r");
        return line.length() <= 60 ? line : line.substring(0, 57) + "...";
    }

    private void checkRequired(Map<String, String> values) {
        for (Key key : descriptor.keys()) {
            if (key.required() && !values.containsKey(key.name()) && !mentioned.contains(key.name())) {
                problems.add(new Problem(Severity.ERROR, file == null ? null : file.name(), 0, key.name(),
                        "required and not set: " + Doc.clause(key.doc()), example(key)));
            }
        }
    }

    private String example(Key key) {
        String value = Example.value(key);
        if (file == null) {
            return "add for example --set " + key.name() + "=" + value;
        }
        if (upstream) {
            return key.upstream().isEmpty()
                    ? "EventMesh's own files have no such key, add " + SET + " " + key.name() + "=…"
                    : "add for example \"" + last(key.upstream().get(0)) + ": " + value + "\" under \""
                            + UpstreamConfig.parent(key.upstream().get(0), file) + ":\"";
        }
        if (file.name().endsWith(".properties")) {
            return "add for example \"" + key.name() + "=" + value + "\"";
        }
        int dot = key.name().lastIndexOf('.');
        String line = last(key.name()) + ": " + Example.quoted(value);
        return "add for example \"" + line + "\"" + (dot < 0 ? "" : " under \"" + key.name().substring(0, dot) + ":\"");
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private void problem(String name, String message, String suggestion) {
        Given value = given.get(name);
        if (value == null) {
            error(null, 0, name, message, suggestion);
        } else {
            error(value, message, suggestion);
        }
    }

    private void error(Given value, String message, String suggestion) {
        error(value.place(), value.line(), value.key(), message, suggestion);
    }

    private void error(String place, int line, String key, String message, String suggestion) {
        problems.add(new Problem(Severity.ERROR, place, line, key, message, suggestion));
    }
}
