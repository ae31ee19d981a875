package dev.emc.core.engine;

/** The worker can't go on. */
final class Stop extends Exception {

    private static final long serialVersionUID = 1;

    final transient Outcome outcome;

    Stop(int exitCode, String message) {
        super(message, null, false, false);
        this.outcome = new Outcome(exitCode, message);
    }
}
