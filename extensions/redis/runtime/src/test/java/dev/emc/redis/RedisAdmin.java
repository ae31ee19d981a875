package dev.emc.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/** A server's administrator, who puts things there and looks at what others have put there. */
final class RedisAdmin implements AutoCloseable {

    /** For all tests of this process. */
    static final Vertx VERTX = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1));

    private final Redis redis;
    private final RedisConnection connection;

    /** @param url as the client library takes it */
    RedisAdmin(String url) throws Exception {
        redis = Redis.createClient(VERTX,
                new RedisOptions().setConnectionString(url).setPreferredProtocolVersion(ProtocolVersion.RESP2));
        connection = redis.connect().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** @param words strings, numbers or byte arrays */
    static Request request(Command command, Object... words) {
        Request request = Request.cmd(command);
        for (Object word : words) {
            if (word instanceof byte[] bytes) {
                request.arg(bytes);
            } else {
                request.arg(word.toString());
            }
        }
        return request;
    }

    Response send(Command command, Object... words) throws Exception {
        return send(List.of(request(command, words))).get(0);
    }

    List<Response> send(List<Request> requests) throws Exception {
        List<Response> answers = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += 1000) {
            answers.addAll(connection.batch(requests.subList(from, Math.min(from + 1000, requests.size())))
                    .toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS));
        }
        return answers;
    }

    @Override
    public void close() {
        redis.close();
    }
}
