package dev.emc.core.engine;

/**
 * How a worker ended.
 *
 * @param exitCode {@link #OK}, {@link #FAILED}, {@link #CONFIGURATION} or {@link #UNREACHABLE}
 * @param message one sentence for the user
 */
public record Outcome(int exitCode, String message) {

    /** Everything went fine. */
    public static final int OK = 0;
    /** The worker failed while it was running. */
    public static final int FAILED = 1;
    /** The configuration can't work. */
    public static final int CONFIGURATION = 2;
    /** The outside system, the mesh or the registry can't be reached, or doesn't let this worker in. */
    public static final int UNREACHABLE = 3;
}
