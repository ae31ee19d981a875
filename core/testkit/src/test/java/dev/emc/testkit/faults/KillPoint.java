package dev.emc.testkit.faults;

/** A step of a worker before or after which its process may die. */
enum KillPoint {

    // a source, in the order of a record's way
    SOURCE_AFTER_POLL(true, 20), SOURCE_BEFORE_PUBLISH(true, 500), SOURCE_BEFORE_FLUSH(true, 20), SOURCE_AFTER_FLUSH(true, 20),
    /** The mesh's acknowledgement has come, and nobody knows it yet. */
    SOURCE_MESH_ACKED(true, 500),
    /** The worker knows of the acknowledgement. */
    SOURCE_MESH_ACK_NOTED(true, 500), SOURCE_BEFORE_SAVE(true, 5), SOURCE_AFTER_SAVE(true, 5), SOURCE_BEFORE_COMMIT(true,
            5), SOURCE_AFTER_COMMIT(true, 5),

    // a sink
    SINK_RECEIVED(false, 500), SINK_BEFORE_WRITE(false, 10), SINK_WITHIN_WRITE(false, 300), SINK_AFTER_WRITE(false,
            10), SINK_BEFORE_MESH_ACK(false, 500), SINK_AFTER_MESH_ACK(false, 500);

    /** Whether the process is a source. */
    final boolean source;
    /** So often it is passed at least, when nothing happens. */
    final int passes;

    KillPoint(boolean source, int passes) {
        this.source = source;
        this.passes = passes;
    }
}
