package dev.emc.core.observe;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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

import dev.emc.core.config.WorkerConfig;
import dev.emc.core.observe.Pages.Page;

/**
 * Serves the {@link Pages}. A server of its own, on the Netty that the mesh channel needs anyway, because Quarkus' Vert.x
 * would double start-up time and memory.
 */
@Singleton
public class HttpServer implements AutoCloseable {

    /** Makes a page from the path that is asked for. */
    @FunctionalInterface
    interface PageSource {
        Optional<Page> page(String path) throws IOException;
    }

    private static final Logger LOG = Logger.getLogger(HttpServer.class);
    static final int DEFAULT_PORT = 8080;
    private static final int ANY_PORT = 0;
    private static final int LONGEST_BODY = 4096;
    private static final int IDLE_SECONDS = 60;

    private final PageSource pages;
    private final WorkerConfig.Http config;
    private EventLoopGroup loop;
    private Channel channel;

    @Inject
    HttpServer(WorkerConfig config, Pages pages) {
        this(config.http(), pages::page);
    }

    HttpServer(WorkerConfig.Http config, PageSource pages) {
        this.config = config;
        this.pages = pages;
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
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection.pipeline().addLast(new ReadTimeoutHandler(IDLE_SECONDS), new HttpServerCodec(),
                                new HttpServerKeepAliveHandler(), new HttpObjectAggregator(LONGEST_BODY), new Exchange());
                    }
                });
        int port = config.port().orElse(DEFAULT_PORT);
        ChannelFuture bound = server.bind(config.host(), port).awaitUninterruptibly();
        if (isTaken(bound.cause()) && config.port().isEmpty()) {
            bound = server.bind(config.host(), ANY_PORT).awaitUninterruptibly();
        }
        if (!bound.isSuccess()) {
            close();
            throw new IOException(reason(bound.cause(), port), bound.cause());
        }
        channel = bound.channel();
    }

    static boolean isTaken(Throwable failure) {
        return failure instanceof BindException && String.valueOf(failure.getMessage()).contains("in use");
    }

    private String reason(Throwable failure, int port) {
        if (isTaken(failure)) {
            return "http.port " + port + " of " + config.host()
                    + " is taken by another process; set http.port to a free one, or http.enabled to false";
        }
        if (failure instanceof BindException || failure instanceof UnknownHostException
                || failure instanceof UnresolvedAddressException) {
            return "http.host " + config.host()
                    + " is no address of this machine; set http.host to 127.0.0.1, or 0.0.0.0 for all";
        }
        return "http.port " + port + " can't be opened (" + failure.getMessage()
                + "); set http.port to another one, or http.enabled to false";
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
            return text(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
        }
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            FullHttpResponse answer = text(HttpResponseStatus.METHOD_NOT_ALLOWED, "there are only pages to GET");
            answer.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return answer;
        }
        return pages.page(request.uri().split("[?#]", 2)[0])
                .map(page -> answer(page.ok() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                        page.type(), page.body()))
                .orElseGet(() -> text(HttpResponseStatus.NOT_FOUND, "there are: " + Pages.ALL));
    }

    private static FullHttpResponse text(HttpResponseStatus status, String sentence) {
        return answer(status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static FullHttpResponse answer(HttpResponseStatus status, String type, byte[] body) {
        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type).set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return answer;
    }

    private final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext connection, FullHttpRequest request) {
            FullHttpResponse answer;
            try {
                answer = answer(request);
            } catch (IOException | RuntimeException e) {
                LOG.errorf(e, "no answer to %s", request.uri());
                answer = text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "failed; the log says why");
            }
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
