package dev.emc.core.config;

import java.util.List;

import dev.emc.api.UpstreamIgnored;

/**
 * What is known of a connector without running it. The build writes it into the artifact as JSON
 * ({@link #RESOURCE}); parsing, {@code validate}, {@code describe} and the documentation come from it.
 *
 * @param name as in the binary's name, for example {@code file-sink}
 * @param system for example {@code file}
 * @param role {@code source} or {@code sink}
 * @param summary what it does, in one sentence
 * @param keys all keys, the worker's first, in the order of declaration
 * @param ignored keys of EventMesh's own files that have no effect
 * @param siblings the other connectors of the same system, so that a key of theirs can be told from a typing error
 * @param guarantees what users can rely on
 * @param sample a short config file to begin with, in YAML, as the connector's author has written and tested it
 */
public record Descriptor(String name, String system, String role, String summary, List<Key> keys,
        List<IgnoredKey> ignored, List<Sibling> siblings, Guarantees guarantees, String sample) {

    /** Where the descriptor stands in the artifact. */
    public static final String RESOURCE = "META-INF/emc/descriptor.json";

    /** Where the artifact says what it was built from: properties {@code version}, {@code commit}, {@code sdk}. */
    public static final String VERSION_RESOURCE = "META-INF/emc/version.properties";

    /** Whether the connector is a source. */
    public boolean isSource() {
        return "source".equals(role);
    }

    /**
     * One configuration key.
     *
     * @param name as in the file, dots between levels: {@code mesh.address}
     * @param type what values look like
     * @param required whether it must be set: no default and not optional
     * @param defaultValue as written in a file; null when there is none
     * @param doc the Javadoc as Markdown
     * @param secret whether the value must never be printed
     * @param list whether it takes several values with commas between them, or a YAML list
     * @param values allowed values of an {@link KeyType#ENUM}, lower case with hyphens; empty otherwise
     * @param upstream the keys of EventMesh's own files that mean this one
     * @param upstreamDefault the value in a file of EventMesh's own shape that doesn't set the key; null when there it
     *            has its own default, or is required, as everywhere
     */
    public record Key(String name, KeyType type, boolean required, String defaultValue, String doc, boolean secret,
            boolean list, List<String> values, List<String> upstream, String upstreamDefault) {

        /** A key that has no default of its own in EventMesh's files. */
        public Key(String name, KeyType type, boolean required, String defaultValue, String doc, boolean secret,
                boolean list, List<String> values, List<String> upstream) {
            this(name, type, required, defaultValue, doc, secret, list, values, upstream, null);
        }
    }

    /**
     * What users can rely on, as Markdown; see {@link dev.emc.api.Guarantees}.
     *
     * @param delivery such as {@code at least once}, with the exception
     * @param testedWith versions of the outside system
     * @param limits sentences
     */
    public record Guarantees(String delivery, String ordering, String idempotency, List<String> testedWith,
            List<String> limits) {

        /** Of what nothing is known. */
        public static final Guarantees NONE = new Guarantees("", "", "", List.of(), List.of());
    }

    /** A key that is accepted in EventMesh's own files and has no effect; see {@link UpstreamIgnored}. */
    public record IgnoredKey(String key, String because) {}

    /**
     * Another connector of the same system.
     *
     * @param keys its own keys, each with the prefix {@code connector.}
     */
    public record Sibling(String name, List<String> keys) {}

    /** Shapes of values. */
    public enum KeyType {
        STRING, BOOLEAN,
        /** A whole number of 32 bits. */
        INTEGER,
        /** A whole number of 64 bits. */
        LONG, NUMBER,
        /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 1d}, or ISO-8601. */
        DURATION,
        /** Bytes: {@code 512}, {@code 64K}, {@code 4M}, {@code 1G}. */
        SIZE, PATH, ENUM,
        /** Any keys below this one, each with a string. */
        MAP
    }
}
