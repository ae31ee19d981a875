package dev.emc.testkit.faults;

/** A step of a worker before or after which its process may die; in the order of a record's way. */
enum KillPoint {

    SOURCE_AFTER_POLL, SOURCE_BEFORE_PUBLISH, SOURCE_BEFORE_FLUSH, SOURCE_AFTER_FLUSH,
    /** The mesh's acknowledgement has come, and nobody knows it yet. */
    SOURCE_MESH_ACKED,
    /** The worker knows of the acknowledgement. */
    SOURCE_MESH_ACK_NOTED,
    /** Of a record that can't be sent. */
    SOURCE_BEFORE_DEAD_LETTER, SOURCE_AFTER_DEAD_LETTER,
    /** Of progress, in the registry. */
    SOURCE_BEFORE_SAVE, SOURCE_AFTER_SAVE,
    /** To the outside system. */
    SOURCE_BEFORE_COMMIT, SOURCE_AFTER_COMMIT,

    SINK_RECEIVED, SINK_BEFORE_WRITE,
    /** A part of the batch is at the target. */
    SINK_WITHIN_WRITE, SINK_AFTER_WRITE,
    /** Of a record that the target refuses. */
    SINK_BEFORE_DEAD_LETTER, SINK_AFTER_DEAD_LETTER,
    /** The acknowledgement to the mesh. */
    SINK_BEFORE_MESH_ACK, SINK_AFTER_MESH_ACK;

    /** So often it is passed at least, when nothing happens. */
    int passes() {
        return switch (this) {
            case SOURCE_BEFORE_PUBLISH, SOURCE_MESH_ACKED, SOURCE_MESH_ACK_NOTED, SINK_RECEIVED, SINK_WITHIN_WRITE,
                    SINK_BEFORE_MESH_ACK, SINK_AFTER_MESH_ACK ->
                300; // for each record
            case SOURCE_AFTER_POLL, SOURCE_BEFORE_FLUSH, SOURCE_AFTER_FLUSH, SINK_BEFORE_WRITE, SINK_AFTER_WRITE -> 10; // a batch
            default -> 3;
        };
    }

    /** Whether the process is a source. */
    boolean ofSource() {
        return name().startsWith("SOURCE");
    }
}
