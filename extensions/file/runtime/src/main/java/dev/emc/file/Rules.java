package dev.emc.file;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.emc.api.ConfigProblem;
import dev.emc.api.FatalException;

/** Gathers what is wrong with the settings of a connector. */
final class Rules {

    private final List<ConfigProblem> problems = new ArrayList<>();

    List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    void problem(String key, String message, String suggestion) {
        problems.add(new ConfigProblem(key, message, suggestion));
    }

    void positive(String key, long value) {
        if (value < 1) {
            problem(key, "must be more than 0", null);
        }
    }

    /** @return false, and it is told, when the text can't be a path here */
    boolean path(String key, String text) {
        try {
            Path.of(text);
            return true;
        } catch (InvalidPathException e) {
            problem(key, "can't be a path: " + e.getReason(), "outside of ASCII the locale must be UTF-8 (LC_ALL=C.UTF-8)");
            return false;
        }
    }

    /** @throws FatalException with all problems, when there are any */
    static void refuse(List<ConfigProblem> problems) throws FatalException {
        if (problems.isEmpty()) {
            return;
        }
        List<String> sentences = new ArrayList<>();
        for (ConfigProblem problem : problems) {
            sentences.add("connector." + problem.key() + ": " + problem.message()
                    + (problem.suggestion() == null ? "" : "; " + problem.suggestion()));
        }
        throw new FatalException(String.join(". ", sentences));
    }
}
