package dev.emc.bench;

import java.nio.file.Path;

/**
 * One way to carry events into one system or out of it.
 *
 * @param connector of emc that this is, or stands beside
 * @param name what the table calls it; emc's begins with {@value #EMC}
 * @param promise what it promises about the events, and what not
 * @param share it gets this part of the events: one in so many
 */
record Contender(String connector, String name, String promise, int share, Preparation preparation) {

    static final String EMC = "emc, ";

    /** Makes everything that a run needs and that isn't measured: the events are there, and the place where they go is empty. */
    interface Preparation {

        /** @param folder an empty one for this run */
        Run prepare(Path folder, int events) throws Exception;
    }

    boolean emc() {
        return name.startsWith(EMC);
    }

    @Override
    public String toString() {
        return connector + ": " + name;
    }
}
