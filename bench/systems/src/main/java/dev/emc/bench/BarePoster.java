package dev.emc.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;

/** A client on Vert.x that posts lines and does nothing else: {@code PORT PATH EVENTS BYTES PARALLEL}. */
public final class BarePoster {

    private final HttpClient client;
    private final String path;
    private final int events;
    private final Payload payload;
    private int sent;

    private BarePoster(HttpClient client, String path, int events, Payload payload) {
        this.client = client;
        this.path = path;
        this.events = events;
        this.payload = payload;
    }

    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        int parallel = Integer.parseInt(args[4]);
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(Integer.parseInt(args[0])),
                new PoolOptions().setHttp1MaxSize(parallel));
        BarePoster poster = new BarePoster(client, args[1], Integer.parseInt(args[2]), Payload.line(Integer.parseInt(args[3])));
        vertx.runOnContext(begin -> {
            for (int i = 0; i < parallel; i++) {
                poster.next();
            }
        });
    }

    private void next() {
        if (sent == events) {
            return;
        }
        byte[] body = payload.make().apply(++sent);
        client.request(HttpMethod.POST, path).compose(request -> request.putHeader("Content-Type", "text/plain")
                .send(Buffer.buffer(body))).compose(response -> response.end().map(response.statusCode()))
                .onSuccess(status -> {
                    if (status != 200) {
                        fail("The server answered " + status);
                    }
                    next();
                }).onFailure(cause -> fail(cause.toString()));
    }

    private static void fail(String reason) {
        System.err.println(reason);
        System.exit(1);
    }
}
