package dev.emc.jdbc;

import java.util.ArrayList;
import java.util.List;

/** Statements separated by semicolons. */
final class SqlScript {

    private SqlScript() {}

    /** Splits at semicolons outside quotes. */
    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        int begin = 0;
        char quote = 0;
        for (int i = 0; i <= script.length(); i++) {
            char c = i < script.length() ? script.charAt(i) : ';';
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"' || c == '`') {
                quote = c;
            } else if (c == ';') {
                add(statements, script.substring(begin, i));
                begin = i + 1;
            }
        }
        if (quote != 0) {
            add(statements, script.substring(Math.min(begin, script.length())));
        }
        return statements;
    }

    private static void add(List<String> statements, String sql) {
        if (!sql.isBlank()) {
            statements.add(sql.strip());
        }
    }
}
