package dev.emc.core.redis;

import java.util.List;
import java.util.function.Function;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;

/**
 * The server that sentinels know, looked up once: whoever loses it makes a new one of these. The client's own kind of this shows the
 * server's user to the sentinels, too, which mostly know no users, and refuse it.
 */
final class SentinelRedis implements Redis {

    private final List<Redis> sentinels;
    private final String name;
    private final Function<String, Redis> server;
    private Future<Redis> found;
    private boolean closed;

    /**
     * @param sentinels the clients to ask, in this order
     * @param name by which they know the server
     * @param server makes a client of an address, {@code host:port}
     */
    SentinelRedis(List<Redis> sentinels, String name, Function<String, Redis> server) {
        this.sentinels = sentinels;
        this.name = name;
        this.server = server;
    }

    private synchronized Future<Redis> found() {
        if (found == null || found.failed()) {
            found = ask(0).map(this::client);
        }
        return found;
    }

    /** Asks one after the other; the last one's failure counts. */
    private Future<String> ask(int index) {
        Redis sentinel = sentinels.get(index);
        return sentinel.send(Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(name)).compose(this::address)
                .recover(failure -> index + 1 < sentinels.size() ? ask(index + 1) : Future.failedFuture(ofSentinel(failure)));
    }

    /** A refusal in such words that nobody takes it for one of the server. */
    private static Throwable ofSentinel(Throwable failure) {
        String words = String.valueOf(failure.getMessage());
        boolean refused = words.startsWith("NOAUTH") || words.startsWith("WRONGPASS") || words.startsWith("ERR AUTH");
        return refused ? ErrorType.create(RedisErrors.SENTINEL + words) : failure;
    }

    private Future<String> address(Response reply) {
        if (reply == null) {
            return Future.failedFuture(ErrorType.create("ERR No such master with that name"));
        }
        String host = reply.get(0).toString();
        return Future.succeededFuture((host.contains(":") ? "[" + host + "]" : host) + ":" + reply.get(1));
    }

    private synchronized Redis client(String address) {
        Redis client = server.apply(address);
        if (closed) {
            client.close();
        }
        return client;
    }

    @Override
    public Future<RedisConnection> connect() {
        return found().compose(Redis::connect);
    }

    @Override
    public Future<Response> send(Request request) {
        return found().compose(redis -> redis.send(request));
    }

    @Override
    public Future<List<Response>> batch(List<Request> requests) {
        return found().compose(redis -> redis.batch(requests));
    }

    @Override
    public synchronized void close() {
        closed = true;
        sentinels.forEach(Redis::close);
        if (found != null) {
            found.onSuccess(Redis::close);
        }
    }
}
