package dev.emc.meshserver;

/** The server can't start or go on. The message is one sentence for the user: what is wrong and what to do. */
public final class MeshServerException extends Exception {

    private static final long serialVersionUID = 1L;

    public MeshServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
