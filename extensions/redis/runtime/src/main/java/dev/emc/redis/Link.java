package dev.emc.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

import dev.emc.api.ConnectorException;
import dev.emc.core.config.RedisAccess;
import dev.emc.core.redis.RedisClients;
import dev.emc.core.redis.RedisErrors;

/**
 * One connection to the server, or to the nodes of a cluster, for the worker's thread. It is made with the first request; after
 * trouble with it the next request makes a new one, because the old one may lead to a server that is no longer in charge.
 */
final class Link implements AutoCloseable {

    private static final RedisErrors.Use USE = new RedisErrors.Use("the connector", "connector.",
            "allow it those commands, and the keys or channels in connector.key or connector.keys",
            "has another kind of value under this key; correct connector.type, or the key");
    /** The client refuses more on one connection. */
    private static final int MOST_AT_ONCE = 1000;

    private final RedisAccess access;
    private final Supplier<Vertx> vertx;
    private final RedisErrors errors;
    private Redis client;
    private RedisConnection connection;
    private int generation;

    Link(RedisAccess access, Supplier<Vertx> vertx) {
        this.access = access;
        this.vertx = vertx;
        this.errors = new RedisErrors(place(), access.timeout(), USE);
    }

    /** Where the server is, for the user. */
    String place() {
        return RedisClients.place(access);
    }

    boolean isCluster() {
        return access.clientType() == RedisAccess.ClientType.CLUSTER;
    }

    /** Connects unless that was done; another number than before says that the connection is a new one. */
    int connect() throws ConnectorException, InterruptedException {
        if (connection == null) {
            if (client == null) {
                client = RedisClients.create(access, 2, vertx.get());
            }
            connection = await(client.connect());
            generation++;
        }
        return generation;
    }

    /** Sends one request and waits for its answer. */
    Response send(Request request) throws ConnectorException, InterruptedException {
        return send(request, Duration.ZERO);
    }

    /**
     * Sends one request and waits for its answer.
     *
     * @param longer how much longer than others it may take, because it waits in the server
     */
    Response send(Request request, Duration longer) throws ConnectorException, InterruptedException {
        Reply reply = ask(request, longer);
        if (reply.refusal() != null) {
            throw errors.of(reply.refusal());
        }
        return reply.value();
    }

    /** As {@link #send}, but a refusal of the server is a reply. */
    Reply ask(Request request, Duration longer) throws ConnectorException, InterruptedException {
        connect();
        return reply(connection.send(request).toCompletionStage().toCompletableFuture(), access.timeout().plus(longer));
    }

    /** Sends requests without waiting in between, and waits for all answers; they come in the order of the requests. */
    List<Reply> ask(List<Request> requests) throws ConnectorException, InterruptedException {
        List<Reply> replies = new ArrayList<>(requests.size());
        for (int from = 0; from < requests.size(); from += MOST_AT_ONCE) {
            connect();
            List<CompletableFuture<Response>> open = new ArrayList<>();
            for (Request request : requests.subList(from, Math.min(requests.size(), from + MOST_AT_ONCE))) {
                open.add(connection.send(request).toCompletionStage().toCompletableFuture());
            }
            for (CompletableFuture<Response> one : open) {
                replies.add(reply(one, access.timeout()));
            }
        }
        return replies;
    }

    /** As {@link #ask(List)}; fails with the first refusal. */
    List<Response> send(List<Request> requests) throws ConnectorException, InterruptedException {
        List<Response> values = new ArrayList<>(requests.size());
        for (Reply reply : ask(requests)) {
            if (reply.refusal() != null) {
                throw errors.of(reply.refusal());
            }
            values.add(reply.value());
        }
        return values;
    }

    private Reply reply(CompletableFuture<Response> answer, Duration time) throws ConnectorException, InterruptedException {
        try {
            return new Reply(answer.get(time.toMillis(), TimeUnit.MILLISECONDS), null);
        } catch (ExecutionException error) {
            if (RedisErrors.isAnswer(error.getCause())) {
                return new Reply(null, error.getCause());
            }
            throw failed(error.getCause());
        } catch (TimeoutException late) {
            drop();
            throw errors.noAnswer();
        }
    }

    /** Waits for something that was begun on this client. */
    <T> T await(Future<T> future) throws ConnectorException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(access.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException error) {
            throw failed(error.getCause());
        } catch (TimeoutException late) {
            drop();
            throw errors.noAnswer();
        }
    }

    private ConnectorException failed(Throwable cause) {
        drop();
        return errors.of(cause);
    }

    /** A server's refusal as a sentence. */
    ConnectorException error(Throwable refusal) {
        return errors.of(refusal);
    }

    /** A connection of its own, for subscriptions; the caller closes it. */
    RedisConnection another() throws ConnectorException, InterruptedException {
        connect();
        return await(client.connect());
    }

    /** Gives the connection up; the next request makes another one. */
    void drop() {
        if (client != null) {
            client.close();
            client = null;
            connection = null;
        }
    }

    @Override
    public void close() {
        drop();
    }
}
