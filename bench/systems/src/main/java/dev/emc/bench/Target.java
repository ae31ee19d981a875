package dev.emc.bench;

/** The other side of a run, where events arrive. */
interface Target {

    /** How many have arrived and are safe there, or another measure that grows with it. Called very often. */
    long arrived() throws Exception;

    /** Whether that is all of them. */
    default boolean complete(long arrived, int events) {
        return arrived >= events;
    }

    /**
     * Looks closely at what is there, after the run.
     *
     * @throws IllegalStateException unless each of the events is there
     */
    void verify(int events) throws Exception;

    /** For {@link #verify}. */
    static void require(long there, int events) {
        if (there != events) {
            throw new IllegalStateException(there + " of " + events + " events arrived");
        }
    }
}
