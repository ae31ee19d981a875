package dev.emc.core.cli;

/** Exit codes of the process. */
public final class ExitCode {

    /** Done. */
    public static final int OK = 0;
    /** Failed while running. */
    public static final int FAILED = 1;
    /** Wrong arguments or settings. */
    public static final int USAGE = 2;
    /** The mesh or the outside system can't be reached, or refuses us. */
    public static final int UNREACHABLE = 3;

    private ExitCode() {}
}
