package dev.emc.core.cli;

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

    /** A URL may hold user name and password. */
    private static String withoutLogin(String value) {
        int scheme = value == null ? -1 : value.indexOf("://");
        int at = scheme < 0 ? -1 : value.lastIndexOf('@');
        return at < scheme + 3 ? value : value.substring(0, scheme + 3) + value.substring(at + 1);
    }

    /** What tells the outside best: the first required key of the connector that is no secret. */
    private static String outside(Settings settings, Descriptor descriptor) {
        for (Descriptor.Key key : descriptor.keys()) {
            if (key.required() && !key.secret() && key.name().startsWith("connector.")) {
                return withoutLogin(settings.values().get(key.name()));
            }
        }
        return null;
    }
}
