package dev.emc.core.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The accepted settings of this process, where the configuration system finds them. Set before it starts; empty
 * while the artifact is built and in tests that configure Quarkus by themselves.
 */
public final class ActiveSettings {

    private static volatile Map<String, String> overriding = Map.of();
    private static volatile Map<String, String> defaults = Map.of();

    private ActiveSettings() {}

    /**
     * How log lines look.
     *
     * @param live whether the live line is shown, which log lines must make room for
     * @param colours whether they have colours
     * @param quiet whether to leave out what is only good to know, whatever {@code log.level} says
     */
    public record LogLook(boolean live, boolean colours, boolean quiet) {}

    /**
     * Accepts settings. Keys of the descriptor get the prefix {@code emc.}.
     */
    public static void accept(Settings settings, Descriptor descriptor, LogLook look) {
        var fromFile = new LinkedHashMap<>(QuarkusSettings.of(settings, descriptor, look));
        fromFile.putAll(settings.quarkus());
        var decided = new LinkedHashMap<String, String>();
        settings.values().forEach((key, value) -> decided.put("emc." + key, value));
        decided.putAll(settings.quarkusSet());
        defaults = literal(fromFile);
        overriding = literal(decided);
    }

    /** Forgets what was accepted. */
    public static void clear() {
        defaults = Map.of();
        overriding = Map.of();
    }

    /** What nothing else may override: it has been checked together with all that could. */
    static Map<String, String> overriding() {
        return overriding;
    }

    /** What environment variables and system properties of Quarkus may override. */
    static Map<String, String> defaults() {
        return defaults;
    }

    /** Our values are final: SmallRye Config must not look for expressions in them. */
    private static Map<String, String> literal(Map<String, String> settings) {
        settings.replaceAll((key, value) -> value.indexOf('$') < 0 ? value : value.replace("$", "$$"));
        return Map.copyOf(settings);
    }
}
