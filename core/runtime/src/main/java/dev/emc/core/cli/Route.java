package dev.emc.core.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Settings;

/** From where to where a connector moves records, for people. */
final class Route {

    private Route() {}

    /** For example {@code topic orders → out/orders.ndjson}. */
    static String text(Settings settings, Descriptor descriptor) {
        String topic = settings.value("mesh.topic", descriptor);
        String mesh = "topic " + (topic == null ? "?" : topic.replace(",", ", "));
        String outside = outside(settings, descriptor);
        if (outside == null) {
            return mesh;
        }
        return descriptor.isSource() ? outside + " → " + mesh : mesh + " → " + outside;
    }

    /** Whether the records of a sink go to standard output. */
    static boolean isStandardOutput(Settings settings, Descriptor descriptor) {
        return "-".equals(outside(settings, descriptor));
    }

    /** A URL may hold user name and password, parameters may, and the path of a webhook is a secret mostly. */
    private static String withoutSecrets(String value) {
        int scheme = value.indexOf("://");
        if (scheme < 0) {
            return value;
        }
        int at = value.lastIndexOf('@');
        String url = at < scheme + 3 ? value : value.substring(0, scheme + 3) + value.substring(at + 1);
        int path = value.startsWith("http") ? url.indexOf('/', scheme + 3) : -1;
        int end = path >= 0 && path < url.length() - 1 ? path + 1 : url.indexOf('?');
        return end < 0 ? url : url.substring(0, end) + "…";
    }

    /** What tells the outside best: the first required key of the connector that is no secret. */
    private static String outside(Settings settings, Descriptor descriptor) {
        for (Descriptor.Key key : descriptor.keys()) {
            if (key.required() && !key.secret() && key.name().startsWith("connector.")) {
                String value = settings.values().get(key.name());
                if (value == null || !key.list()) {
                    return value == null ? null : withoutSecrets(value);
                }
                return Arrays.stream(value.split("(?<!\\\\),")).map(Route::withoutSecrets).collect(Collectors.joining(","));
            }
        }
        return null;
    }
}
