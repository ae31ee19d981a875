package dev.emc.http.server;

/** A request that waits for its answer. */
public interface Exchange {

    RequestHead head();

    /** All of the body; empty when there is none. Not copied. */
    byte[] body();

    /** Answers it; by any thread, at any time. Only the first answer counts: the deadline may have given one before. */
    void answer(Answer answer);

    /** Whether it has an answer, or its caller is gone. */
    boolean isOver();
}
