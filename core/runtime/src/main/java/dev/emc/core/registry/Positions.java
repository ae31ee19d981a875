package dev.emc.core.registry;

import java.util.Collection;
import java.util.Map;

import dev.emc.api.Position;

/** What all registries do with positions. */
public final class Positions {

    private Positions() {}

    /** Puts changed positions into all, by partition; one with an empty offset takes its partition out. */
    public static void apply(Collection<Position> changed, Map<Map<String, Object>, Position> all) {
        for (Position position : changed) {
            if (position.offset().isEmpty()) {
                all.remove(position.partition());
            } else {
                all.put(position.partition(), position);
            }
        }
    }
}
