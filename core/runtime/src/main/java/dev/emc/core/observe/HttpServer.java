package dev.emc.core.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Singleton;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

import dev.emc.core.config.Json;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.WorkerStatus;

/**
 * Answers {@code /q/health}, {@code /q/health/live}, {@code /q/health/ready}, {@code /q/metrics} and {@code /status}. A
 * server of its own on the Netty that the mesh channel needs anyway: a web framework would double the start-up time.
 */
@Singleton
public class HttpServer implements AutoCloseable {

    private static final int DEFAULT_PORT = 8080;
    private static final int ANY_PORT = 0;
    private static final int LONGEST_BODY = 4096;
    private static final int IDLE_SECONDS = 60;
    private static final String JSON = "application/json";

    private final ConnectorWorker worker;
    private final WorkerMetrics metrics;
    private final WorkerConfig.Http config;
    private EventLoopGroup loop;
    private Channel channel;

    HttpServer(ConnectorWorker worker, WorkerMetrics metrics, WorkerConfig config) {
        this.worker = worker;
        this.metrics = metrics;
        this.config = config.http();
    }

    /**
     * Starts to listen, unless that is switched off.
     *
     * @throws IOException when it can't; the message says what to do
     */
    public void start() throws IOException {
        if (!config.enabled()) {
            return;
        }
        loop = new NioEventLoopGroup(1, new DefaultThreadFactory("emc-http", true));
        ServerBootstrap server = new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection.pipeline().addLast(new ReadTimeoutHandler(IDLE_SECONDS), new HttpServerCodec(),
                                new HttpServerKeepAliveHandler(), new HttpObjectAggregator(LONGEST_BODY), new Exchange());
                    }
                });
        int port = config.port().orElse(DEFAULT_PORT);
        try {
            channel = bind(server, port);
        } catch (BindException taken) {
            if (config.port().isPresent()) {
                close();
                throw new IOException("http.port " + port + " of " + config.host()
                        + " is taken by another process; set http.port to a free one, or http.enabled to false", taken);
            }
            channel = bind(server, ANY_PORT);
        }
    }

    private Channel bind(ServerBootstrap server, int port) throws IOException {
        var bound = server.bind(config.host(), port).awaitUninterruptibly();
        if (bound.isSuccess()) {
            return bound.channel();
        }
        if (bound.cause() instanceof BindException taken && taken.getMessage().contains("in use")) {
            throw taken;
        }
        close();
        throw new IOException("can't listen on port " + port + " of http.host " + config.host() + " ("
                + bound.cause().getMessage() + "); set http.host to an address of this machine, http.port to a port that"
                + " this user may open, or http.enabled to false", bound.cause());
    }

    /** The port it listens on; empty when it doesn't. */
    public OptionalInt port() {
        return channel == null
                ? OptionalInt.empty()
                : OptionalInt.of(((InetSocketAddress) channel.localAddress()).getPort());
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            loop = null;
            channel = null;
        }
    }

    private FullHttpResponse answer(FullHttpRequest request) throws IOException {
        if (request.decoderResult().isFailure()) {
            return text(HttpResponseStatus.BAD_REQUEST, "bad request");
        }
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            FullHttpResponse answer = text(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET");
            answer.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return answer;
        }
        String path = request.uri().split("[?#]", 2)[0];
        WorkerStatus status = worker.status();
        return switch (path) {
            case "/q/health/live" -> health(alive(status));
            case "/q/health/ready" -> health(ready(status));
            case "/q/health" -> health(alive(status), ready(status));
            case "/status" -> answer(HttpResponseStatus.OK, JSON, Json.text(json(status)));
            case "/q/metrics" -> {
                var text = new ByteArrayOutputStream();
                metrics.write(text);
                yield answer(HttpResponseStatus.OK, WorkerMetrics.CONTENT_TYPE, text.toByteArray());
            }
            default -> text(HttpResponseStatus.NOT_FOUND,
                    "there are: /q/health /q/health/live /q/health/ready /q/metrics /status");
        };
    }

    private record Check(boolean up, String key, String value) {}

    /** Alive unless the worker has ended. */
    private static Check alive(WorkerStatus status) {
        return new Check(!status.state().ended(), "state", status.state().name().toLowerCase(Locale.ROOT));
    }

    /** Ready when records can flow; says why when they can't. */
    private static Check ready(WorkerStatus status) {
        return new Check(status.ready(), "reason", status.reason());
    }

    /** In the form of MicroProfile Health, which monitoring systems know. */
    private static FullHttpResponse health(Check... checks) {
        List<Map<String, Object>> list = List.of(checks).stream().map(check -> Json.object("name", "worker",
                "status", upOrDown(check.up()), "data", Json.object(check.key(), check.value()))).toList();
        boolean up = List.of(checks).stream().allMatch(Check::up);
        return answer(up ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, JSON,
                Json.text(Json.object("status", upOrDown(up), "checks", list)));
    }

    private static String upOrDown(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static Map<String, Object> json(WorkerStatus status) {
        return Json.object("name", status.name(), "connector", status.connector(),
                "state", status.state().name().toLowerCase(Locale.ROOT), "ready", status.ready(),
                "reason", status.reason(), "since", status.since(), "received", status.received(),
                "delivered", status.delivered(), "dead", status.dead(), "dropped", status.dropped(),
                "retries", status.retries(), "inFlight", status.inFlight(), "lag", status.lag() < 0 ? null : status.lag(),
                "receivedPerSecond", rounded(status.receivedPerSecond()),
                "deliveredPerSecond", rounded(status.deliveredPerSecond()));
    }

    private static double rounded(double perSecond) {
        return Math.round(perSecond * 10) / 10.0;
    }

    private static FullHttpResponse text(HttpResponseStatus status, String body) {
        return answer(status, "text/plain; charset=utf-8", body + "\n");
    }

    private static FullHttpResponse answer(HttpResponseStatus status, String type, String body) {
        return answer(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static FullHttpResponse answer(HttpResponseStatus status, String type, byte[] body) {
        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type).set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return answer;
    }

    private final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext connection, FullHttpRequest request) throws IOException {
            FullHttpResponse answer = answer(request);
            if (HttpMethod.HEAD.equals(request.method())) {
                answer.content().clear();
            }
            connection.writeAndFlush(answer);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext connection, Throwable broken) {
            connection.close(); // by the other side, or idle for too long
        }
    }
}
