package dev.emc.wire;

/**
 * Texts that come with nearly every event, such as its source and its type, ready to be written. Several threads may overwrite
 * each other's: no harm.
 */
final class KnownTexts {

    private static final int LONGEST = 256;
    private static final Known[] TEXTS = new Known[128];
    private static final String[] NAMES = new String[128];

    private record Known(String text, byte[] json) {}

    private KnownTexts() {}

    /** A text as a JSON string with its quotes, shared; null when it is no valid Unicode. */
    static byte[] json(String text) {
        int slot = slot(text);
        Known known = TEXTS[slot];
        if (known != null && known.text.equals(text)) {
            return known.json;
        }
        if (!isUnicode(text)) {
            return null;
        }
        byte[] json = new JsonBuffer(text.length() + 8).string(text).copy();
        if (text.length() <= LONGEST) {
            TEXTS[slot] = new Known(text, json);
        }
        return json;
    }

    /** Half a surrogate pair is no text, and would end as bytes that are no UTF-8. */
    static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int point = text.codePointAt(i++);
                if (!Character.isSupplementaryCodePoint(point)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether an attribute of a CloudEvent can have this name. */
    static boolean isName(String name) {
        int slot = slot(name);
        if (name.equals(NAMES[slot])) {
            return true;
        }
        boolean good = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            good &= c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
        }
        if (good && name.length() <= LONGEST) {
            NAMES[slot] = name;
        }
        return good;
    }

    private static int slot(String text) {
        int hash = text.hashCode();
        return (hash ^ hash >>> 16) & TEXTS.length - 1;
    }
}
