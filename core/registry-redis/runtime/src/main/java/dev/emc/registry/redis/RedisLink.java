package dev.emc.registry.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

import dev.emc.api.ConnectorException;
import dev.emc.api.RetryableException;
import dev.emc.core.redis.RedisErrors;

/**
 * The way to the server, for one request at a time on each thread. Connects with the first request; after trouble with the
 * connection the next request makes a new one, because the old one may lead nowhere, or to a server that is no longer in charge.
 */
final class RedisLink implements AutoCloseable {

    private static final RedisErrors.Use USE = new RedisErrors.Use("the registry", "registry.redis.",
            "allow it the commands hmget, hget, hgetall, hset, hdel, del, eval, evalsha, time, wait, sadd, smembers, hello and"
                    + " select on the keys of registry.redis.prefix",
            "has other things under the keys of registry.redis.prefix; choose another prefix");

    /** Makes a client, which connects when it is used. */
    interface Connector {
        Redis connect() throws ConnectorException;
    }

    private final Connector connector;
    private final RedisErrors errors;
    private final Duration timeout;
    private final int replicas;
    private final String place;
    private Redis client;

    /**
     * @param place for the user: {@code the Redis server 127.0.0.1:6379}
     * @param timeout for one request, the connecting included
     * @param replicas that must have what a script has written before it counts
     */
    RedisLink(Connector connector, String place, Duration timeout, int replicas) {
        this.connector = connector;
        this.place = place;
        this.timeout = timeout;
        this.replicas = replicas;
        this.errors = new RedisErrors(place, timeout, USE);
    }

    /** Where the server is, for the user. */
    String place() {
        return place;
    }

    /** Runs a script that writes. */
    Response write(Script script, WorkerKeys keys, List<String> arguments) throws ConnectorException, InterruptedException {
        return run(script, keys, arguments, replicas);
    }

    /** Runs a script that only reads. */
    Response read(Script script, WorkerKeys keys, List<String> arguments) throws ConnectorException, InterruptedException {
        return run(script, keys, arguments, 0);
    }

    private Response run(Script script, WorkerKeys keys, List<String> arguments, int copies)
            throws ConnectorException, InterruptedException {
        Redis redis = client();
        try {
            return answer(exchange(redis, script.known(keys, arguments), copies));
        } catch (ExecutionException error) {
            if (RedisErrors.isUnknownScript(error.getCause())) {
                return send(script.whole(keys, arguments), copies);
            }
            throw failed(redis, error.getCause());
        } catch (TimeoutException late) {
            drop(redis);
            throw errors.noAnswer();
        }
    }

    /** Sends one request and waits for its answer. */
    Response send(Request request) throws ConnectorException, InterruptedException {
        return send(request, 0);
    }

    private Response send(Request request, int copies) throws ConnectorException, InterruptedException {
        Redis redis = client();
        try {
            return answer(exchange(redis, request, copies));
        } catch (ExecutionException error) {
            throw failed(redis, error.getCause());
        } catch (TimeoutException late) {
            drop(redis);
            throw errors.noAnswer();
        }
    }

    private Response answer(Future<Response> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Future<Response> exchange(Redis redis, Request request, int copies) {
        if (copies == 0) {
            return redis.send(request);
        }
        // the server counts the replicas that have what came by this connection
        Request wait = Request.cmd(Command.WAIT).arg(copies).arg(timeout.toMillis() / 2);
        return redis.connect().compose(connection -> connection.send(request)
                .compose(answer -> connection.send(wait).compose(reached -> reached.toLong() < copies
                        ? Future.failedFuture(tooFewReplicas(reached.toLong(), copies))
                        : Future.succeededFuture(answer)))
                .eventually(() -> connection.close()));
    }

    private ConnectorException tooFewReplicas(long reached, int wanted) {
        return new RetryableException(place + " has only " + reached + " of the " + wanted
                + " replicas that registry.redis.replicas asks for");
    }

    private ConnectorException failed(Redis redis, Throwable cause) {
        if (!RedisErrors.isAnswer(cause)) {
            drop(redis);
        }
        return errors.of(cause);
    }

    private synchronized Redis client() throws ConnectorException {
        if (client == null) {
            try {
                client = connector.connect();
            } catch (RuntimeException unusable) {
                throw errors.of(unusable);
            }
        }
        return client;
    }

    private synchronized void drop(Redis stale) {
        if (client == stale) {
            client = null;
        }
        stale.close();
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
