package dev.emc.wire;

/**
 * Texts that come with nearly every event, such as its source and its type, ready to be written. Several threads may overwrite
 * each other's: no harm.
 */
final class KnownTexts {

    private static final int LONGEST = 256;
    /** CloudEvents recommends 20 characters; servers refuse events with names that are very long. */
    static final int LONGEST_NAME = 256;
    private static final Known[] TEXTS = new Known[128];
    private static final Name[] NAMES = new Name[128];

    private record Known(String text, byte[] json) {}

    /**
     * The name of an extension.
     *
     * @param ascii the name as it is
     * @param member the name as JSON with a comma before and a colon behind it
     * @param carried the same of the name under which the mesh carries it
     */
    record Name(String text, byte[] ascii, byte[] member, byte[] carried) {}

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

    /** A name that an attribute of a CloudEvent can have, shared; null when it can't. */
    static Name name(String text) {
        int slot = slot(text);
        Name known = NAMES[slot];
        if (known != null && known.text.equals(text)) {
            return known;
        }
        if (!isName(text)) {
            return null;
        }
        known = new Name(text, EventWriter.ascii(text), member(text), member(EventCodec.carried(text)));
        NAMES[slot] = known;
        return known;
    }

    private static byte[] member(String name) {
        return EventWriter.ascii(",\"" + name + "\":");
    }

    private static boolean isName(String text) {
        boolean good = !text.isEmpty() && text.length() <= LONGEST_NAME;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            good &= c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
        }
        return good;
    }

    private static int slot(String text) {
        int hash = text.hashCode();
        return (hash ^ hash >>> 16) & TEXTS.length - 1;
    }
}
