package dev.emc.core.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Event ids that come from positions: the same position always gives the same id. */
final class EventIds {

    private static final int LONGEST = 120;

    private EventIds() {}

    /**
     * The values of a part of a position, in the order of their names, with colons between them; a hash where that would
     * be too long.
     */
    static String part(Map<String, Object> values) {
        String text;
        if (values.size() == 1) {
            text = escape(values.values().iterator().next());
        } else {
            StringBuilder joined = new StringBuilder();
            new TreeMap<>(values).forEach((name, value) -> {
                if (joined.length() > 0) {
                    joined.append(':');
                }
                joined.append(escape(value));
            });
            text = joined.toString();
        }
        return text.length() <= LONGEST ? text : hash(text);
    }

    /** Keeps texts with colons apart from the separators. */
    private static String escape(Object value) {
        String text = value.toString();
        return value instanceof String && (text.indexOf(':') >= 0 || text.indexOf('%') >= 0)
                ? text.replace("%", "%25").replace(":", "%3A")
                : text;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 20);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
