package dev.emc.core.cli;

import java.util.List;

import dev.emc.core.config.Problem;
import dev.emc.core.config.Problem.Severity;

/**
 * What a command came to.
 *
 * @param exitCode see {@link ExitCode}
 * @param text for people, without the last line break; empty when there is nothing to say on standard output
 * @param data for {@code --json}: maps, lists and scalars
 * @param problems errors, warnings and notes
 * @param advice what to do about the errors, one line; null for none
 * @param log whether problems and advice are log lines for machines
 */
record Result(int exitCode, String text, Object data, List<Problem> problems, String advice, boolean log) {

    Result(int exitCode, String text, Object data, List<Problem> problems, String advice) {
        this(exitCode, text, data, problems, advice, false);
    }

    /** The same with problems and advice as log lines for machines, where that is wanted. */
    Result asLog(boolean wanted) {
        return new Result(exitCode, text, data, problems, advice, wanted);
    }

    static Result ok(String text, Object data) {
        return new Result(ExitCode.OK, text, data, List.of(), null);
    }

    /** Wrong arguments. */
    static Result usage(String message, String suggestion) {
        return new Result(ExitCode.USAGE, "", null,
                List.of(new Problem(Severity.ERROR, null, 0, null, message, suggestion)), null);
    }

    /** Something that is needed can't be reached, or doesn't let us. */
    static Result unreachable(String message, String suggestion) {
        return new Result(ExitCode.UNREACHABLE, "", null,
                List.of(new Problem(Severity.ERROR, null, 0, null, message, suggestion)), null);
    }

    /** Settings that can't be accepted. */
    static Result rejected(List<Problem> problems, String advice) {
        return new Result(ExitCode.USAGE, "", null, problems, advice);
    }
}
