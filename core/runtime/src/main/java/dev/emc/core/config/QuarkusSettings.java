package dev.emc.core.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Quarkus' own settings that follow from the worker's keys. */
final class QuarkusSettings {

    private QuarkusSettings() {}

    /**
     * @param live whether a live line is shown, whose rest a log line has to erase
     * @param colours whether log lines have colours
     */
    static Map<String, String> of(Settings settings, Descriptor descriptor, boolean live,
            boolean colours) {
        var quarkus = new LinkedHashMap<String, String>();
        // standard output may carry records
        quarkus.put("quarkus.log.console.stderr", "true");
        quarkus.put("quarkus.log.console.format", (live ? "\u001B[K" : "") + "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5p %s%e%n");
        quarkus.put("quarkus.console.color", Boolean.toString(colours));
        String level = settings.value("log.level", descriptor);
        if (level != null) {
            quarkus.put("quarkus.log.level", level.toUpperCase(Locale.ROOT));
        }
        if (descriptor.isSource() && "redis".equalsIgnoreCase(settings.value("registry.type", descriptor))) {
            quarkus.putAll(RedisSettings.of(key -> settings.value(key, descriptor)));
        }
        return quarkus;
    }
}
