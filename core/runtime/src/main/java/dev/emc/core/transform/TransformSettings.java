package dev.emc.core.transform;

import java.util.List;
import java.util.Map;

/**
 * What to change in each event.
 *
 * @param rename new names of attributes by their old ones
 * @param drop attributes to leave out
 * @param set values of attributes
 * @param pick JSON pointer to the part of the payload that becomes the payload; null for none
 * @param wrap the key under which the payload goes into a new JSON object; null for none
 * @param convert the form of the payload; null: as it is
 */
public record TransformSettings(Map<String, String> rename, List<String> drop, Map<String, String> set, String pick,
        String wrap, Convert convert) {

    /** Changes nothing. */
    public static final TransformSettings NONE = new TransformSettings(Map.of(), List.of(), Map.of(), null, null, null);

    /** Forms of the payload. */
    public enum Convert {
        /** JSON text; what isn't JSON becomes a JSON string. */
        JSON,
        /** The whole event, as CloudEvents JSON. */
        STRUCTURED,
        /** The event that such a payload holds takes the place of the one that carries it. */
        RAW
    }

    public TransformSettings {
        rename = Map.copyOf(rename);
        drop = List.copyOf(drop);
        set = Map.copyOf(set);
    }
}
