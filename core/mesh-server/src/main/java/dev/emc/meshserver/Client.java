package dev.emc.meshserver;

/** A connection as the broker sees it. Called on the broker's thread. */
interface Client {

    /** Whether what is pushed goes out soon; when that comes back, {@link Broker#writable} has to be called. */
    boolean writable();

    void push(long seq, byte[] event, boolean broadcast);

    /** The event is safe. */
    void accepted(Publish publish);

    /** The event is not taken. */
    void refused(Publish publish, int code, String reason);

    /** Stops reading, because its events wait for room. */
    void pause();

    /** Reads on. */
    void resume();

    /** Who this is, for messages. */
    String name();
}
