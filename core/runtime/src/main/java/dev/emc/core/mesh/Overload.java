package dev.emc.core.mesh;

import java.util.Locale;

import dev.emc.wire.Frame;

/** Tells from an answer that the server gets more messages than it takes. */
final class Overload {

    private Overload() {}

    /** Servers have a code for it, but most say it in the text of a common failure. */
    static boolean is(Frame answer) {
        if (answer.code() == Frame.TPS_OVERLOAD) {
            return true;
        }
        if (answer.code() == Frame.SUCCESS || answer.desc() == null) {
            return false;
        }
        String desc = answer.desc().toLowerCase(Locale.ROOT);
        return desc.contains("overload") || desc.contains("too_fast") || desc.contains("too fast")
                || desc.contains("flow control");
    }
}
