package dev.emc.core.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import dev.emc.core.config.ActiveSettings.LogLook;

/** Quarkus' own settings that follow from the worker's keys. */
final class QuarkusSettings {

    private QuarkusSettings() {}

    /** What Quarkus is told by default; the log of a live line has to erase the rest of that line. */
    static Map<String, String> of(Settings settings, Descriptor descriptor, LogLook look) {
        var quarkus = new LinkedHashMap<String, String>();
        // standard output may carry records
        quarkus.put("quarkus.log.console.stderr", "true");
        quarkus.put("quarkus.log.console.format", (look.live() ? "\u001B[K" : "") + "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5p %s%e%n");
        quarkus.put("quarkus.console.color", Boolean.toString(look.colours()));
        if (look.quiet()) {
            // what other threads say before the level of the root logger is set comes to the console all the same
            quarkus.put("quarkus.log.console.level", "WARN");
        }
        String level = look.quiet() ? "WARN" : settings.value("log.level", descriptor);
        if (level != null) {
            quarkus.put("quarkus.log.level", level.toUpperCase(Locale.ROOT));
        }
        return quarkus;
    }
}
