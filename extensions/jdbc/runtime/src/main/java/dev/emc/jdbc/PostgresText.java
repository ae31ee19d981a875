package dev.emc.jdbc;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import dev.emc.jdbc.RowJson.NumberText;
import dev.emc.jdbc.RowJson.RawJson;

/** Values as PostgreSQL writes them, made into what goes into JSON. */
final class PostgresText {

    private static final int HOURS_ONLY = 3;

    private final String text;
    private int at;

    private PostgresText(String text) {
        this.text = text;
    }

    /**
     * The value of a text.
     *
     * @param type its name, with an underscore before it for an array
     */
    static Object value(String type, String text) {
        return switch (type) {
            case "bool" -> text.equals("t") || text.equals("true");
            case "int2", "int4", "int8", "oid", "smallserial", "serial", "bigserial" -> new NumberText(text);
            // not a number and infinity are no numbers in JSON
            case "numeric", "float4", "float8" -> Character.isDigit(text.charAt(text.length() - 1))
                    ? new NumberText(text)
                    : text;
            case "json", "jsonb" -> new RawJson(text);
            case "bytea" -> text.startsWith("\\x")
                    ? Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text, 2, text.length()))
                    : text;
            case "timestamp" -> text.endsWith("BC") ? text : text.replace(' ', 'T');
            case "timestamptz" -> text.endsWith("BC") ? text : offset(text.replace(' ', 'T'));
            case "timetz" -> offset(text);
            default -> type.startsWith("_") ? array(type.substring(1), text) : text;
        };
    }

    /** PostgreSQL leaves out minutes of offsets, which the standard doesn't. */
    private static String offset(String time) {
        int sign = Math.max(time.lastIndexOf('+'), time.lastIndexOf('-'));
        if (sign < 0 || sign < time.indexOf(':')) {
            return time; // infinity
        }
        String offset = time.substring(sign);
        if (offset.equals("+00")) {
            return time.substring(0, sign) + "Z";
        }
        return offset.length() == HOURS_ONLY ? time + ":00" : time;
    }

    private static Object array(String elementType, String text) {
        // an array that doesn't begin at 1 tells its bounds first
        String literal = text.startsWith("[") ? text.substring(text.indexOf('=') + 1) : text;
        if (!literal.startsWith("{")) {
            return text; // some types have a name like an array's
        }
        return new PostgresText(literal).elements(elementType);
    }

    private List<Object> elements(String type) {
        List<Object> elements = new ArrayList<>();
        char separator = type.equals("box") ? ';' : ',';
        at++;
        while (text.charAt(at) != '}') {
            char c = text.charAt(at);
            if (c == separator) {
                at++;
            } else if (c == '{') {
                elements.add(elements(type));
            } else if (c == '"') {
                elements.add(value(type, quoted()));
            } else {
                int begin = at;
                while (text.charAt(at) != separator && text.charAt(at) != '}') {
                    at++;
                }
                String plain = text.substring(begin, at);
                elements.add(plain.equals("NULL") ? null : value(type, plain));
            }
        }
        at++;
        return elements;
    }

    private String quoted() {
        StringBuilder plain = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\') {
                at++;
            }
            plain.append(text.charAt(at));
        }
        at++;
        return plain.toString();
    }
}
