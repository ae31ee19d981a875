package dev.emc.core.config;

import java.util.ArrayList;
import java.util.List;

/** The documentation of keys, which is Markdown or Javadoc, for people and tools that want plain text. */
final class Doc {

    private Doc() {}

    /** Without backticks, inline tags and HTML elements, on one line. */
    static String plain(String doc) {
        return clean(doc, false);
    }

    /** Markdown on one line. */
    static String oneLine(String doc) {
        return clean(doc, true);
    }

    private static String clean(String doc, boolean keepBackticks) {
        var text = new StringBuilder();
        for (int i = 0; i < doc.length(); i++) {
            char c = doc.charAt(i);
            if (doc.startsWith("{@", i)) {
                int end = doc.indexOf('}', i);
                int space = doc.indexOf(' ', i);
                if (end > 0) {
                    if (space > 0 && space < end) {
                        text.append(doc, space + 1, end);
                    }
                    i = end;
                    continue;
                }
            }
            if (c == '<' && i + 1 < doc.length() && (Character.isLetter(doc.charAt(i + 1)) || doc.charAt(i + 1) == '/')) {
                int end = doc.indexOf('>', i);
                if (end > 0 && end - i < 20) {
                    i = end;
                    continue;
                }
            }
            if (keepBackticks || c != '`') {
                text.append(Character.isWhitespace(c) ? ' ' : c);
            }
        }
        String plain = text.toString().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").trim();
        while (plain.contains("  ")) {
            plain = plain.replace("  ", " ");
        }
        return plain;
    }

    /** The first sentence as a clause to put behind a colon: small first letter, no full stop. */
    static String clause(String doc) {
        String plain = plain(doc);
        int end = plain.indexOf(". ");
        String sentence = end < 0 ? plain : plain.substring(0, end);
        if (sentence.endsWith(".")) {
            sentence = sentence.substring(0, sentence.length() - 1);
        }
        boolean word = sentence.length() > 1 && Character.isUpperCase(sentence.charAt(0))
                && Character.isLowerCase(sentence.charAt(1)) || sentence.startsWith("A ");
        return word ? Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1) : sentence;
    }

    /** Lines of at most so many characters, broken between words. */
    static List<String> wrap(String text, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }
}
