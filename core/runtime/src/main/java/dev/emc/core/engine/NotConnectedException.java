package dev.emc.core.engine;

import java.io.IOException;

/**
 * As the cause of a publisher's {@code RetryableException}: the mesh was not there to judge the record, or too full or busy to
 * do it, so that this is no attempt to send it.
 */
public final class NotConnectedException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean cut;

    public NotConnectedException(String message) {
        this(message, false);
    }

    /** @param cut whether the other side, or the network, cut the connection while the record was under way */
    public NotConnectedException(String message, boolean cut) {
        super(message);
        this.cut = cut;
    }

    /** Whether the connection was cut while the record was under way: it may be the record's doing. */
    public boolean isCut() {
        return cut;
    }

    /** It is made for each record that was under way. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
