package dev.emc.core.cli;

import java.util.Map;

/** What a run has to say with {@code --json} when it is over. Any thread. */
public final class RunReport {

    private volatile String failure;
    private volatile Map<String, Object> result;

    /** Why the run failed, one sentence for the user. */
    public void failure(String sentence) {
        failure = sentence;
    }

    /** What the run came to: maps, lists and scalars. */
    public void result(Map<String, Object> counts) {
        result = counts;
    }

    String failure() {
        return failure;
    }

    Map<String, Object> result() {
        return result;
    }
}
