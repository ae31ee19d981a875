package dev.emc.registry.redis;

import java.time.Duration;

import org.jboss.logging.Logger;

import dev.emc.api.ConnectorException;

/** Renews a lease three times as often as it would end, on a thread of its own. */
final class LeaseRenewal implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LeaseRenewal.class);

    /** Renews once. */
    interface Renew {
        void once() throws ConnectorException, InterruptedException;
    }

    private final String worker;
    private final Renew renew;
    private final long interval;
    private final Thread thread;
    private volatile long due;
    private volatile boolean closed;

    LeaseRenewal(String worker, Duration lease, Renew renew) {
        this.worker = worker;
        this.renew = renew;
        this.interval = lease.toNanos() / 3;
        renewed();
        thread = new Thread(this::run, "emc-lease");
        thread.setDaemon(true);
        thread.start();
    }

    /** Somebody has just renewed the lease. */
    void renewed() {
        due = System.nanoTime() + interval;
    }

    private void run() {
        boolean trouble = false;
        while (!closed) {
            try {
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000 + 1);
                    continue;
                }
                renew.once();
                // once() has renewed by now, unless there is nothing to renew any more
                due = System.nanoTime() + interval;
                if (trouble) {
                    LOG.infof("the lease of worker '%s' is renewed again", worker);
                }
                trouble = false;
            } catch (InterruptedException stop) {
                return;
            } catch (ConnectorException | RuntimeException error) {
                if (!trouble) {
                    LOG.warnf("the lease of worker '%s' can't be renewed now: %s", worker, error.getMessage());
                }
                trouble = true;
                due = System.nanoTime() + interval / 5;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
