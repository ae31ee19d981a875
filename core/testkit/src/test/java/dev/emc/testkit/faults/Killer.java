package dev.emc.testkit.faults;

import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills its own process with SIGKILL when a chosen step is passed for the n-th time. */
final class Killer {

    /** What the JVM needs so that a process can send itself a signal at once, without a helper process. */
    static final String JVM_OPTION = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    private static final int SIGKILL = 9;

    private final KillPoint point;
    private final AtomicInteger left;
    private final Method raise;

    /** @param point null: never */
    Killer(KillPoint point, int pass) throws ReflectiveOperationException {
        this.point = point;
        this.left = new AtomicInteger(pass);
        this.raise = Class.forName("jdk.internal.misc.Signal").getDeclaredMethod("raise0", int.class);
        raise.setAccessible(true);
    }

    private Killer() {
        point = null;
        left = new AtomicInteger();
        raise = null;
    }

    /** One that kills nobody. */
    static Killer none() {
        return new Killer();
    }

    void pass(KillPoint step) {
        if (step == point && left.decrementAndGet() == 0) {
            try {
                raise.invoke(null, SIGKILL);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
    }
}
