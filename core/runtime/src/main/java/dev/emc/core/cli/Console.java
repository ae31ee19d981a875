package dev.emc.core.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.emc.core.config.Environment;
import dev.emc.core.config.Problem;
import dev.emc.core.observe.JsonLogFormatter;

/**
 * Where commands print.
 *
 * @param out results
 * @param err problems and the live line
 * @param terminal whether {@code err} is a terminal
 * @param colours whether to colour what goes to {@code err}
 * @param symbols whether {@code out} is a terminal that shows ✓
 */
record Console(PrintStream out, PrintStream err, boolean terminal, boolean colours, boolean symbols) {

    /** Standard output and error, in UTF-8. */
    static Console ofProcess(Environment environment) {
        boolean terminal = isTerminal(2);
        String noColor = environment.variable("NO_COLOR");
        boolean colours = terminal && (noColor == null || noColor.isEmpty()) && !"dumb".equals(environment.variable("TERM"));
        return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), terminal, colours,
                isTerminal(1) && isUtf8(environment));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** As the C library decides it. */
    private static boolean isUtf8(Environment environment) {
        for (String variable : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
            String locale = environment.variable(variable);
            if (locale != null && !locale.isEmpty()) {
                return locale.toUpperCase(Locale.ROOT).replace("-", "").endsWith("UTF8");
            }
        }
        return false;
    }

    /** Whether a stream is a terminal. {@code System.console()} can't tell when only one of them is redirected. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    /** Prints a problem as a log line for machines. */
    void logged(Problem problem) {
        logged(switch (problem.severity()) {
            case ERROR -> "ERROR";
            case WARNING -> "WARN";
            case NOTE -> "INFO";
        }, problem.text());
    }

    /** Prints a log line for machines. */
    void logged(String level, String message) {
        err.print(JsonLogFormatter.line(Instant.now(), level, message));
        err.flush();
    }

    /** Prints a problem on a line of its own. */
    void problem(Problem problem) {
        if (!colours) {
            err.println(problem.text());
            return;
        }
        String colour = switch (problem.severity()) {
            case ERROR -> "31";
            case WARNING -> "33";
            case NOTE -> "2";
        };
        String place = problem.place();
        if (place.isEmpty()) {
            err.println("\u001B[" + colour + "m" + problem.text() + "\u001B[0m");
        } else {
            err.println("\u001B[" + colour + "m" + place + "\u001B[0m" + problem.text().substring(place.length()));
        }
    }
}
