package dev.emc.core.deadletters;

/** Somebody replays these dead letters now. */
public final class ReplayHeldException extends Exception {

    private static final long serialVersionUID = 1;

    ReplayHeldException(String worker) {
        super("The dead letters of '" + worker + "' are being replayed by another process; wait until it has ended.", null);
    }
}
