package dev.emc.testkit.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.yaml.snakeyaml.Yaml;

/**
 * The sample config file of a connector, as its users get it.
 *
 * @param text the file
 * @param values its keys with their values as written; lists are left out
 */
record SampleConfig(String text, Map<String, String> values) {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):.*}");

    static SampleConfig of(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        flatten("", new Yaml().<Map<String, Object>>load(text), values);
        return new SampleConfig(text, values);
    }

    private static void flatten(String prefix, Map<?, ?> level, Map<String, String> values) {
        level.forEach((name, value) -> {
            if (value instanceof Map<?, ?> below) {
                flatten(prefix + name + ".", below, values);
            } else if (value != null && !(value instanceof Iterable<?>)) {
                values.put(prefix + name, value.toString());
            }
        });
    }

    /** The topic that it names. */
    String topic() {
        return values.get("mesh.topic");
    }

    /**
     * The environment variables that lead it elsewhere.
     *
     * @param keys what those of its keys have to be that it reads from variables ({@code ${VARIABLE:default}})
     */
    Map<String, String> variables(Map<String, String> keys) {
        Map<String, String> variables = new LinkedHashMap<>();
        keys.forEach((key, value) -> {
            Matcher variable = VARIABLE.matcher(values.getOrDefault(key, ""));
            if (variable.matches()) {
                variables.put(variable.group(1), value);
            }
        });
        if (variables.isEmpty() || !VARIABLE.matcher(values.getOrDefault("mesh.address", "")).matches()) {
            throw new AssertionError("the sample is to take mesh.address, and what of connector leads to the outside system,"
                    + " from variables such as ${MESH_ADDRESS:127.0.0.1:10000}:\n" + text);
        }
        return variables;
    }
}
