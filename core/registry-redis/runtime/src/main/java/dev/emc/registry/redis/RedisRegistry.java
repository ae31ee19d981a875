package dev.emc.registry.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

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
    /** The number of the last save: one that arrives late must not undo a newer one. */
    private long saves;
    private Heard heard = Heard.NOTHING;
    private boolean doubted;

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
        doubtEmptyServer();
        while (true) {
            Validity next = fromNow();
            Response answer = link.write(Script.ACQUIRE, keys, List.of(holder, id, millis(lease), Long.toString(heard.token),
                    heard.isOver() ? heard.sign : "", heard.holder, Long.toString(Math.max(0, heard.left()))));
            if (answer.get(0).toInteger() == 1) {
                return opened(answer, next);
            }
            heard = heard.and(answer);
            long byServer = answer.get(2).toLong();
            if (byServer > 0 && !heard.holder.isEmpty()) {
                throw held(Math.min(byServer, Math.max(0, heard.left())));
            }
            // the server's clock says that the lease has ended, or that there is none: that is not to be relied on
            TimeUnit.MILLISECONDS.sleep(heard.left() + 1);
        }
    }

    private Collection<Position> opened(Response answer, Validity until) throws ConnectorException, InterruptedException {
        enlist();
        positions.clear();
        Positions.apply(RedisOffsets.positions(answer.get(2), worker, link.place()), positions);
        token = answer.get(1).toString();
        lost = null;
        incomplete = false;
        unanswered = false;
        validity = until;
        renewal = new LeaseRenewal(worker, lease, this::renew);
        return List.copyOf(positions.values());
    }

    /** So that an operator finds the worker; no part of the lease, because it may be on another node of a cluster. */
    private void enlist() throws ConnectorException, InterruptedException {
        link.send(Request.cmd(Command.SADD).arg(prefix + ":workers").arg(worker));
    }

    /** A server that knows no worker at all may have lost its data: then somebody may be active, and will tell so. */
    private void doubtEmptyServer() throws ConnectorException, InterruptedException {
        if (doubted) {
            return;
        }
        boolean empty = link.send(Request.cmd(Command.SMEMBERS).arg(prefix + ":workers")).size() == 0;
        doubted = true;
        if (empty && heard.sign == null) {
            LOG.infof("%s knows no worker at all: in case that it has lost its data, worker '%s' waits for %d s whether another"
                    + " one is active", link.place(), worker, (lease.toMillis() + 999) / 1000);
            heard = new Heard("", "", 0, System.nanoTime(), lease.toNanos());
        }
    }

    private LeaseHeldException held(long remaining) {
        return new LeaseHeldException(
                "worker '" + worker + "' is already running on " + heard.holder + " with the registry in " + link.place()
                        + "; stop it, or give this worker another name",
                heard.holder, Duration.ofMillis(Math.min(remaining + 1, LOOK_AGAIN)));
    }

    /**
     * What this one has heard of another one's lease. Whether it has ended is measured by this process's clock from the last sign
     * of life on, because the server's clock may be wrong, or another one after a failover.
     *
     * @param sign of life; null when nothing was heard yet
     * @param since by {@link System#nanoTime()}
     * @param nanos how long the lease lasts without another sign
     */
    private record Heard(String holder, String sign, long token, long since, long nanos) {

        static final Heard NOTHING = new Heard("", null, 0, 0, 0);

        /** The server has answered to an attempt to take the lease. */
        Heard and(Response answer) {
            String nowHolder = answer.get(1).toString();
            String nowSign = answer.get(3).toString();
            long newest = Math.max(token, answer.get(5).toLong());
            return nowSign.equals(sign) || nowSign.isEmpty()
                    ? new Heard(holder, sign, newest, since, nanos)
                    : new Heard(nowHolder, nowSign, newest, System.nanoTime(), answer.get(4).toLong() * 1_000_000);
        }

        /** Milliseconds for which it may last; 0 or less when it has ended. */
        long left() {
            long left = since + nanos - System.nanoTime();
            return sign == null || left <= 0 ? 0 : left / 1_000_000 + 1;
        }

        boolean isOver() {
            return sign != null && left() == 0;
        }
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
        enlist();
        incomplete = false;
        unanswered = false;
        if (known) {
            LOG.warnf("%s had lost what worker '%s' had saved; it was saved again", link.place(), worker);
        }
    }

    private void write(Collection<Position> changed) throws ConnectorException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(token, holder, id, millis(lease), Long.toString(++saves)));
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
