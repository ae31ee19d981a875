package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.List;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.util.ExceptionUtil;
import io.smallrye.config.ConfigValidationException;

import dev.emc.core.config.Problem;
import dev.emc.core.config.Problem.Severity;

/**
 * Why Quarkus did not start.
 *
 * @param sentence for the user; never holds a value of a setting that may be a secret
 */
record StartFailure(int exitCode, String sentence) {

    private static final String PROPERTY = "config property ";

    /** As what a command comes to. */
    Result result() {
        return new Result(exitCode, "", null, List.of(new Problem(Severity.ERROR, null, 0, null, sentence, null)), null);
    }

    static StartFailure of(Throwable failure) {
        Throwable cause = ExceptionUtil.getRootCause(failure);
        if (cause instanceof ConfigValidationException invalid) {
            return new StartFailure(ExitCode.USAGE, invalid(invalid));
        }
        String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
        return new StartFailure(cause instanceof ConfigurationException ? ExitCode.USAGE : ExitCode.FAILED,
                "could not start: " + message);
    }

    /** The messages of the configuration system quote the values, so only the names are taken from them. */
    private static String invalid(ConfigValidationException invalid) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < invalid.getProblemCount(); i++) {
            String message = String.valueOf(invalid.getProblem(i).getMessage());
            int start = message.indexOf(PROPERTY);
            if (start >= 0) {
                start += PROPERTY.length();
                int end = message.indexOf(' ', start);
                String name = end < 0 ? message.substring(start) : message.substring(start, end);
                names.add(name.startsWith("emc.") ? name.substring(4) : name);
            }
        }
        return names.isEmpty()
                ? "could not start: a setting has a value of the wrong kind"
                : "a value of the wrong kind: " + String.join(", ", names) + "; correct it and start again";
    }
}
