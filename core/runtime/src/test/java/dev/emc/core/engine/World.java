package dev.emc.core.engine;

/**
 * Everything outside the worker, with a step before and after each of its effects. At one chosen step the process
 * "dies": from then on nothing that the worker does has an effect any more.
 */
final class World {

    /** The process is dead. */
    static final class Crash extends Error {

        private static final long serialVersionUID = 1;

        Crash() {
            super("crash", null, false, false);
        }
    }

    /** A rule of delivery was broken. */
    private AssertionError violation;
    private int steps;
    private int crashAt;
    private boolean dead;
    private Runnable onCrash = () -> {};

    /** @param step the step at which to die; 0: never */
    synchronized void restart(int step, Runnable whenItDies) {
        steps = 0;
        dead = false;
        crashAt = step;
        onCrash = whenItDies;
    }

    synchronized void step() {
        if (dead) {
            throw new Crash();
        }
        if (++steps == crashAt) {
            dead = true;
            onCrash.run();
            throw new Crash();
        }
    }

    synchronized void check(boolean rule, String broken) {
        if (!rule && !dead && violation == null) {
            violation = new AssertionError(broken);
        }
    }

    synchronized boolean died() {
        return dead;
    }

    synchronized void rethrow() {
        if (violation != null) {
            throw violation;
        }
    }
}
