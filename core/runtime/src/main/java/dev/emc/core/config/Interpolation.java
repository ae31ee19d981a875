package dev.emc.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Puts values in for {@code ${VAR}}, {@code ${VAR:default}} and {@code ${file:/path}}; <code>$${</code> stands for
 * <code>${</code>. A default may hold expressions again; what is put in isn't looked at again.
 */
final class Interpolation {

    /** A value can't be put in; the message says why and doesn't name the value. */
    static final class Unresolved extends Exception {

        private static final long serialVersionUID = 1;

        final transient String suggestion;

        Unresolved(String message, String suggestion) {
            super(message, null, false, false);
            this.suggestion = suggestion;
        }
    }

    private Interpolation() {}

    /** Whether a text has anything to put in. */
    static boolean isDynamic(String text) {
        for (int at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
            if (at == 0 || text.charAt(at - 1) != '$') {
                return true;
            }
        }
        return false;
    }

    static String resolve(String text, Environment environment) throws Unresolved {
        int at = text.indexOf("${");
        if (at < 0) {
            return text;
        }
        var result = new StringBuilder();
        int done = 0;
        for (; at >= 0; at = text.indexOf("${", done)) {
            if (at > done && text.charAt(at - 1) == '$') {
                result.append(text, done, at - 1).append("${");
                done = at + 2;
                continue;
            }
            int end = close(text, at + 2);
            if (end < 0) {
                throw new Unresolved("\"${\" without a closing \"}\"", "write $${ for a literal ${");
            }
            result.append(text, done, at).append(value(text.substring(at + 2, end), environment));
            done = end + 1;
        }
        return result.append(text, done, text.length()).toString();
    }

    private static String value(String expression, Environment environment) throws Unresolved {
        if (expression.startsWith("file:")) {
            return content(expression.substring(5));
        }
        int colon = expression.indexOf(':');
        String name = colon < 0 ? expression : expression.substring(0, colon);
        if (name.isEmpty()) {
            throw new Unresolved("\"${" + expression + "}\" names no variable", "write ${NAME} or ${NAME:default}");
        }
        String value = environment.variable(name);
        if (value != null) {
            return value;
        }
        if (colon < 0) {
            throw new Unresolved("the environment variable " + name + " is not set",
                    "set it, or give a default: ${" + name + ":default}");
        }
        return resolve(expression.substring(colon + 1), environment);
    }

    /** The brace that closes the one before {@code from}, or -1. */
    private static int close(String text, int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                open++;
            } else if (text.charAt(i) == '}' && --open == 0) {
                return i;
            }
        }
        return -1;
    }

    private static String content(String path) throws Unresolved {
        try {
            String content = Files.readString(Path.of(path));
            int end = content.length();
            while (end > 0 && (content.charAt(end - 1) == '\n' || content.charAt(end - 1) == '\r')) {
                end--;
            }
            return content.substring(0, end);
        } catch (NoSuchFileException e) {
            throw new Unresolved("the file " + path + " does not exist", null);
        } catch (IOException | InvalidPathException e) {
            throw new Unresolved("the file " + path + " can't be read as text", "check its permissions and its encoding");
        }
    }
}
