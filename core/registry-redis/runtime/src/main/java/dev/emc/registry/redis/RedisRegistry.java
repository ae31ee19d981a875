package dev.emc.registry.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.jboss.logging.Logger;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.Registry;
import dev.emc.core.registry.PositionJson;
import dev.emc.core.registry.Positions;

/**
 * Keeps positions in Redis under a lease with a fencing token. Each write compares the token in the same step, so that nothing
 * is written by one who was the active one once. A thread of its own renews the lease until {@link #close()}.
 */
final class RedisRegistry implements Registry {

    private static final Logger LOG = Logger.getLogger(RedisRegistry.class);

    /** A standby looks at least that often whether the lease was given back. */
    private static final long LOOK_AGAIN = 500;
    /** Part of the lease that counts as over before it is: for what is on its way, and clocks that differ. */
    private static final int MARGIN = 10;

    private final RedisLink link;
    private final String prefix;
    private final Duration lease;
    private final String holder;
    private final String id = Long.toHexString(ThreadLocalRandom.current().nextLong());

    private final Map<Map<String, Object>, Position> positions = new HashMap<>();
    private String worker;
    private WorkerKeys keys;
    /** The fencing token; null while there is none. */
    private String token;
    /** The server has lost positions, or may have said so in an answer that didn't come. */
    private boolean incomplete;
    private boolean unanswered;
    private LeaseRenewal renewal;
    /** Who had the lease when it was looked at, and until when that one may be active. */
    private String seenHolder = "";
    private long seenUntil = System.nanoTime();

    private volatile Validity validity = Validity.NONE;
    private volatile FatalException lost;

    /**
     * Until when the lease is this one's for sure. A clock that stands still while the machine sleeps, and one that somebody
     * sets: the earlier one counts.
     */
    private record Validity(long nanos, long millis) {

        static final Validity NONE = new Validity(0, Long.MIN_VALUE);

        boolean holds() {
            return System.currentTimeMillis() < millis && System.nanoTime() - nanos < 0;
        }
    }

    /**
     * @param prefix of all keys
     * @param lease how long it lasts without being renewed
     * @param holder how others name this process, {@code host:pid}
     */
    RedisRegistry(RedisLink link, String prefix, Duration lease, String holder) {
        this.link = link;
        this.prefix = prefix;
        this.lease = lease;
        this.holder = holder;
    }

    @Override
    public synchronized Collection<Position> open(String name)
            throws ConnectorException, LeaseHeldException, InterruptedException {
        worker = name;
        keys = WorkerKeys.of(prefix, name);
        Validity next = fromNow();
        long forgotten = Math.max(0, (seenUntil - System.nanoTime()) / 1_000_000);
        Response answer = link.write(Script.ACQUIRE, keys,
                List.of(holder, id, millis(lease), seenHolder, Long.toString(forgotten)));
        if (answer.get(0).toInteger() == 0) {
            throw held(answer.get(1).toString(), answer.get(2).toLong());
        }
        // so that an operator finds the worker; no part of the lease, because it may be on another node of a cluster
        link.send(Request.cmd(Command.SADD).arg(prefix + ":workers").arg(name));
        positions.clear();
        Positions.apply(RedisOffsets.positions(answer.get(2), name, link.place()), positions);
        token = answer.get(1).toString();
        lost = null;
        incomplete = false;
        unanswered = false;
        validity = next;
        renewal = new LeaseRenewal(name, lease, this::renew);
        return List.copyOf(positions.values());
    }

    private LeaseHeldException held(String by, long remaining) {
        seenHolder = by;
        seenUntil = System.nanoTime() + remaining * 1_000_000;
        return new LeaseHeldException(
                "worker '" + worker + "' is already running on " + by + " with the registry in " + link.place()
                        + "; stop it, or give this worker another name",
                by, Duration.ofMillis(Math.min(remaining + 1, LOOK_AGAIN)));
    }

    private Validity fromNow() {
        long sure = lease.toMillis() - lease.toMillis() / MARGIN;
        return new Validity(System.nanoTime() + sure * 1_000_000, System.currentTimeMillis() + sure);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    @Override
    public boolean held() {
        return lost == null && validity.holds();
    }

    @Override
    public synchronized void save(Collection<Position> changed) throws ConnectorException, InterruptedException {
        if (lost != null) {
            throw lost;
        }
        if (token == null) {
            throw new FatalException("the registry is closed");
        }
        if (!changed.isEmpty()) {
            write(changed);
            Positions.apply(changed, positions);
            complete();
        }
    }

    private synchronized void renew() throws ConnectorException, InterruptedException {
        if (token != null && lost == null) {
            write(List.of());
            complete();
        }
    }

    /** After the server has lost data, or an older server took over: everything that was saved, again. */
    private void complete() throws ConnectorException, InterruptedException {
        if (!incomplete && !unanswered) {
            return;
        }
        boolean known = incomplete;
        write(positions.values());
        incomplete = false;
        unanswered = false;
        if (known) {
            LOG.warnf("%s had lost what worker '%s' had saved; it was saved again", link.place(), worker);
        }
    }

    private void write(Collection<Position> changed) throws ConnectorException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(token, holder, id, millis(lease)));
        for (Position position : changed) {
            arguments.add(PositionJson.text(position.partition()));
            arguments.add(position.offset().isEmpty() ? "" : PositionJson.text(position.offset()));
        }
        Validity next = fromNow();
        boolean before = unanswered;
        unanswered = true;
        Response answer = link.write(Script.SAVE, keys, arguments);
        unanswered = before;
        int result = answer.get(0).toInteger();
        if (result == 0) {
            String by = answer.get(1).toString();
            lost = new FatalException("worker '" + worker + "' lost its lease in " + link.place() + " to "
                    + (by.isEmpty() ? "an operator, or one that has ended since" : by)
                    + "; this one ends, so that no two are active");
            throw lost;
        }
        incomplete |= result == 2;
        validity = next;
        if (renewal != null) {
            renewal.renewed();
        }
    }

    @Override
    public void close() {
        LeaseRenewal thread;
        synchronized (this) {
            thread = renewal;
            renewal = null;
        }
        if (thread != null) {
            thread.close();
        }
        boolean interrupted = Thread.interrupted();
        synchronized (this) {
            release();
            link.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        validity = Validity.NONE;
        if (token == null || lost != null) {
            return;
        }
        try {
            link.write(Script.RELEASE, keys, List.of(token));
        } catch (RetryableException | FatalException unreachable) {
            LOG.warnf("the lease of worker '%s' could not be given back, a standby has to wait until it ends: %s", worker,
                    unreachable.getMessage());
        } catch (ConnectorException | InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        token = null;
    }
}
