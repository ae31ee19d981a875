package dev.emc.bench;

/** The rows of the table, once for sinks and once for sources. */
enum Measure {

    RATE("events/s", true), STEADY_RATE("events/s, second half", true), CPU("its CPU, µs/event", false), MESH_CPU(
            "emc-mesh's CPU, µs/event", false), READY("exec → ready, ms", false), FIRST("exec → first event done, ms",
                    false), IDLE_MEMORY("resident idle, MiB", false), LOADED_MEMORY("resident after load, MiB", false);

    final String title;
    final boolean more;

    /** @param more whether more is better */
    Measure(String title, boolean more) {
        this.title = title;
        this.more = more;
    }
}
