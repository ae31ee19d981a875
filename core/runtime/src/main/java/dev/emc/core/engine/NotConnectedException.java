package dev.emc.core.engine;

import java.io.IOException;

/**
 * As the cause of a publisher's {@code RetryableException}: the mesh was not there to judge the record, or too full or busy to
 * do it, so that this is no attempt to send it.
 */
public final class NotConnectedException extends IOException {

    private static final long serialVersionUID = 1;

    public NotConnectedException(String message) {
        super(message);
    }

    /** It is made for each record that was under way. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
