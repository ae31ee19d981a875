package dev.emc.jdbc;

import java.util.regex.Pattern;

import dev.emc.jdbc.Relations.Found;

/** A table, or several, as a user has written it: {@code orders}, {@code sales.orders}, {@code sales.*}. */
final class TablePattern {

    private final String text;
    private final boolean hasSchema;
    private final Pattern pattern;

    TablePattern(String text) {
        this.text = text;
        this.hasSchema = text.indexOf('.') >= 0;
        StringBuilder expression = new StringBuilder();
        for (char c : text.toCharArray()) {
            expression.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        this.pattern = Pattern.compile(expression.toString(),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    /** Whether it means one table. */
    boolean isName() {
        return text.indexOf('*') < 0 && text.indexOf('?') < 0;
    }

    /** Whether it is this table's name, letter by letter. */
    boolean isExactly(Found table) {
        return text.equals(table.fullName()) || table.rank() > 0 && text.equals(table.name());
    }

    /** Whether it means this table, in any case of letters. */
    boolean matches(Found table) {
        if (!isName() && table.byNameOnly()) {
            return false;
        }
        return hasSchema && pattern.matcher(table.fullName()).matches()
                || table.rank() > 0 && pattern.matcher(table.name()).matches();
    }
}
