package dev.emc.core.config;

import java.util.Map;

/**
 * What surrounds the process.
 *
 * @param variables the environment variables
 * @param properties the system properties ({@code -Dname=value})
 */
public record Environment(Map<String, String> variables, Map<?, ?> properties) {

    /** The surroundings of this process. */
    public static Environment ofProcess() {
        return new Environment(System.getenv(), System.getProperties());
    }

    /** A variable, or null. */
    public String variable(String name) {
        return variables.get(name);
    }

    /** A system property, or null. */
    public String property(String name) {
        return properties.get(name) instanceof String value ? value : null;
    }

    /** The variable that sets a key: {@code EMC_MESH_ADDRESS} for {@code mesh.address}. */
    public static String variableOf(String key) {
        var name = new StringBuilder("EMC_");
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            name.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ? c : '_');
        }
        return name.toString();
    }
}
