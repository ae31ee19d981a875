package dev.emc.meshserver;

import java.util.List;
import java.util.function.Consumer;

/** Keeps events and positions over a restart. Works on threads of its own and answers on the broker's. */
interface Storage {

    /** Makes a batch safe. One at a time: the next only after {@code done}. */
    void write(Batch batch, Runnable done);

    /**
     * Reads events from a given one on, in their order: at least one, at most so many bytes; none when the given one has
     * been deleted meanwhile.
     */
    void read(String topic, long from, int maxBytes, Consumer<List<byte[]>> done);

    /** Whether the disk is so full that nothing at all can be put on it. */
    boolean full();

    /** Whether the disk is so full that nothing more should be put on it. */
    boolean low();
}
