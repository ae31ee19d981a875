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

    /** What tells the outside best: the first required key of the connector that is no secret. */
    private static String outside(Settings settings, Descriptor descriptor) {
        for (Descriptor.Key key : descriptor.keys()) {
            if (key.required() && !key.secret() && key.name().startsWith("connector.")) {
                return settings.values().get(key.name());
            }
        }
        return null;
    }
}
