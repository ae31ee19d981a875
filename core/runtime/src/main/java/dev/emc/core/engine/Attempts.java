package dev.emc.core.engine;

import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

/**
 * One kind of work that is tried again until it works. Knows the delay, and tells the user sparingly: at the first
 * failure, once a minute while it lasts, and when it works again. What fails and recovers all the time gets no more
 * lines than that either.
 */
final class Attempts {

    private static final Logger LOG = Logger.getLogger("dev.emc.worker");

    private final String what;
    private final Backoff backoff;
    private final Reminder reminder;
    private volatile String trouble;
    private boolean told;
    private long failures;
    private long untold;

    /** @param what as in "… failed", for example {@code writing to the target} */
    Attempts(String what, Backoff backoff) {
        this(what, backoff, System::nanoTime);
    }

    Attempts(String what, Backoff backoff, LongSupplier clock) {
        this.what = what;
        this.backoff = backoff;
        this.reminder = new Reminder(clock);
    }

    /** What is tried, as in "… failed". */
    String what() {
        return what;
    }

    /** Notes a failure; returns the nanoseconds to wait before the next attempt. */
    long failed(Exception failure) {
        long delay = backoff.next(failure);
        failures++;
        untold++;
        trouble = what + " failed: " + Errors.sentence(failure);
        if (reminder.due()) {
            LOG.warnf("%s; trying again%s", trouble, untold > 1 ? " (" + untold + " failures)" : "");
            LOG.debug(trouble, failure);
            told = true;
            untold = 0;
        }
        return delay;
    }

    /** Notes that it worked. */
    void worked() {
        if (trouble == null) {
            return;
        }
        backoff.reset();
        trouble = null;
        if (told) {
            LOG.infof("%s works again after %d failed attempt%s", what, failures, failures == 1 ? "" : "s");
            told = false;
        }
        failures = 0;
    }

    /** How often it has failed in a row. */
    long failures() {
        return failures;
    }

    /** What is wrong now, for the user; null when nothing is. Any thread. */
    String trouble() {
        return trouble;
    }
}
