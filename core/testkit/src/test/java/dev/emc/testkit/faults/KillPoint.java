package dev.emc.testkit.faults;

/** A step of a worker before or after which its process may die; in the order of a record's way. */
enum KillPoint {

    SOURCE_AFTER_POLL(20), SOURCE_BEFORE_PUBLISH(500), SOURCE_BEFORE_FLUSH(20), SOURCE_AFTER_FLUSH(20),
    /** The mesh's acknowledgement has come, and nobody knows it yet. */
    SOURCE_MESH_ACKED(500),
    /** The worker knows of the acknowledgement. */
    SOURCE_MESH_ACK_NOTED(500), SOURCE_BEFORE_DEAD_LETTER(3), SOURCE_AFTER_DEAD_LETTER(3), SOURCE_BEFORE_SAVE(
            5), SOURCE_AFTER_SAVE(5), SOURCE_BEFORE_COMMIT(5), SOURCE_AFTER_COMMIT(5),

    SINK_RECEIVED(500), SINK_BEFORE_WRITE(10), SINK_WITHIN_WRITE(300), SINK_AFTER_WRITE(10), SINK_BEFORE_DEAD_LETTER(
            5), SINK_AFTER_DEAD_LETTER(5), SINK_BEFORE_MESH_ACK(500), SINK_AFTER_MESH_ACK(500);

    /** So often it is passed at least, when nothing happens. */
    final int passes;

    KillPoint(int passes) {
        this.passes = passes;
    }

    /** Whether the process is a source. */
    boolean ofSource() {
        return name().startsWith("SOURCE");
    }
}
