package dev.emc.core.config;

import java.util.ArrayList;
import java.util.List;

/** Several values in one text: commas between them; a backslash before a comma or a backslash that belongs to a value. */
final class ValueList {

    private ValueList() {}

    static String escape(String value) {
        return value.indexOf(',') < 0 && value.indexOf('\\') < 0 ? value : value.replace("\\", "\\\\").replace(",", "\\,");
    }

    static List<String> split(String text) {
        var values = new ArrayList<String>();
        var value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                value.append(text.charAt(++i));
            } else if (c == ',') {
                values.add(value.toString().trim());
                value.setLength(0);
            } else {
                value.append(c);
            }
        }
        values.add(value.toString().trim());
        return values;
    }
}
