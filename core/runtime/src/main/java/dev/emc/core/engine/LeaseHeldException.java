package dev.emc.core.engine;

import java.time.Duration;

/** Another process is the active one of this worker name. */
public final class LeaseHeldException extends Exception {

    private static final long serialVersionUID = 1;

    private final String holder;
    private final transient Duration after;

    /**
     * @param message one sentence for the user
     * @param holder who holds the lease, for example {@code host-a:4711}
     * @param after when to look again
     */
    public LeaseHeldException(String message, String holder, Duration after) {
        super(message, null);
        this.holder = holder;
        this.after = after;
    }

    /** When to look again whether the lease is free. */
    public Duration after() {
        return after;
    }

    /** Who holds the lease. */
    public String holder() {
        return holder;
    }
}
