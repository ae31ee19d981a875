package dev.emc.bench;

import java.nio.file.Path;

/**
 * One way to carry events into one system or out of it.
 *
 * @param connector of emc that this is, or stands beside
 * @param name what the table calls it; emc's begins with {@value #EMC}
 * @param promise what it promises about the events, and what not
 * @param part how many events it gets for each one that a fast connector gets
 */
record Contender(String connector, String name, String promise, double part, Preparation preparation) {

    static final String EMC = "emc, ";

    /** Makes everything that a run needs and that isn't measured: the events are there, and the place where they go is empty. */
    interface Preparation {

        /** @param folder an empty one for this run */
        Run prepare(Path folder, int events) throws Exception;
    }

    boolean emc() {
        return name.startsWith(EMC);
    }

    /** Its part of so many events. */
    int of(int events) {
        return (int) Math.max(1, events * part);
    }

    @Override
    public String toString() {
        return connector + ": " + name;
    }
}
