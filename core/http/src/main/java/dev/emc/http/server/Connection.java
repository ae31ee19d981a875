package dev.emc.http.server;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/**
 * One connection of a caller: one request at a time. All methods but {@link #drain} run on the connection's thread.
 */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {

    /** So long the rest of a refused request is taken in, so that its sender reads the answer before the connection ends. */
    private static final Duration LINGER = Duration.ofSeconds(2);
    /** A refused request's body is taken in for the next request to come on the connection, when it is that short. */
    private static final long SHORT_BODY = 64 * 1024;
    private static final byte[] NOTHING = new byte[0];

    /** What comes next. */
    private enum State {
        /** The head of a request. */
        HEAD,
        /** More of its body. */
        BODY,
        /** The rest of the body of a request that has its answer. */
        REST,
        /** The answer. */
        ANSWER,
        /** The end: what comes is thrown away. */
        END
    }

    private final WebServer server;
    private final Channel channel;
    private volatile State state = State.HEAD;
    private volatile long since = System.nanoTime();
    private long deadline;
    private Future<?> clock;

    private RequestHead head;
    private boolean keepAlive;
    private byte[] body = NOTHING;
    private int length;
    private long taken;
    private Pending pending;

    Connection(WebServer server, Channel channel) {
        this.server = server;
        this.channel = channel;
    }

    /** Since when it has waited for a request; {@link Long#MAX_VALUE} when it doesn't. */
    long idleSince() {
        return state == State.HEAD ? since : Long.MAX_VALUE;
    }

    /** Closes it. By any thread. */
    void evict() {
        channel.close();
    }

    /** Ends the connection once its request has the answer. By any thread. */
    void drain() {
        channel.eventLoop().execute(() -> {
            keepAlive = false;
            if (state == State.HEAD) {
                channel.close();
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        begin(State.HEAD, server.settings().requestTimeout());
        clock = context.executor().scheduleAtFixedRate(this::tick, WebServer.TICK, WebServer.TICK, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) { // comes last, whatever has ended the connection
        clock.cancel(false);
        if (pending != null) {
            pending.gone();
        }
        release();
    }

    private void begin(State next, Duration limit) {
        state = next;
        since = System.nanoTime();
        deadline = since + limit.toNanos();
    }

    private void tick() {
        if (System.nanoTime() - deadline < 0) {
            return;
        }
        switch (state) {
            case HEAD, END -> channel.close();
            case BODY -> refuse(Answer.problem(408, "the request has not come whole within "
                    + server.settings().requestTimeout().toSeconds() + " s"), false);
            case REST -> channel.close();
            case ANSWER -> pending.answer(server.service().late(pending));
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            if (state == State.HEAD || state == State.BODY) {
                refuse(broken(part.decoderResult().cause()), false);
            } else {
                begin(State.END, LINGER);
            }
            return;
        }
        if (part instanceof HttpRequest request && state == State.HEAD) {
            head(request);
        }
        if (part instanceof HttpContent content) {
            content(content);
        }
    }

    private Answer broken(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Answer.problem(414, "the URL is longer than " + server.settings().maxHeaders() + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException) {
            return Answer.problem(431, "the headers are longer than " + server.settings().maxHeaders() + " bytes");
        }
        return Answer.problem(400, "this is no HTTP/1.1 request");
    }

    private void head(HttpRequest request) {
        begin(State.BODY, server.settings().requestTimeout());
        keepAlive = HttpUtil.isKeepAlive(request) && !server.isDraining();
        String invalid = invalid(request);
        if (invalid != null) {
            refuse(Answer.problem(400, invalid), false);
            return;
        }
        String[] target = request.uri().split("\\?", 2);
        head = new RequestHead(request.method().name(), target[0], target.length > 1 ? target[1] : null, headers(request));
        long expected = HttpUtil.getContentLength(request, -1L);
        Answer refusal = server.isDraining()
                ? Answer.later(503, "the connector stops; send it again", Duration.ofSeconds(1))
                : server.service().admit(head);
        if (refusal == null && expected > server.settings().maxBody()) {
            refusal = tooLarge();
        }
        boolean waits = HttpUtil.is100ContinueExpected(request);
        if (refusal != null) {
            refuse(refusal, !waits && !HttpUtil.isTransferEncodingChunked(request) && expected <= SHORT_BODY);
        } else if (waits) {
            channel.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE,
                    Unpooled.EMPTY_BUFFER));
        }
    }

    private Answer tooLarge() {
        return Answer.problem(413, "the body is longer than " + server.settings().maxBody() + " bytes");
    }

    /** What is wrong with a head that the decoder took; null when nothing is. */
    private static String invalid(HttpRequest request) {
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return "only HTTP/1.1 is spoken here";
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return "a request has one Host header";
        }
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.size() > 1 || codings.size() == 1 && (!codings.get(0).equalsIgnoreCase("chunked")
                || request.protocolVersion().equals(HttpVersion.HTTP_1_0))) {
            return "the only Transfer-Encoding is chunked";
        }
        if (!request.uri().startsWith("/") || request.uri().chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            return "the target of a request is a path";
        }
        return null;
    }

    private static HttpHeaders headers(HttpRequest request) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : request.headers()) {
            all.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                    .add(header.getValue());
        }
        return HttpHeaders.of(all, (name, value) -> true);
    }

    private void content(HttpContent content) {
        if (state == State.BODY) {
            add(content.content());
        }
        if (!(content instanceof LastHttpContent)) {
            return;
        }
        if (state == State.REST) {
            next();
        } else if (state == State.BODY) {
            begin(State.ANSWER, server.settings().answerTimeout());
            channel.config().setAutoRead(false); // the next request waits
            pending = new Pending(head, length == body.length ? body : Arrays.copyOf(body, length));
            handle(pending);
        }
    }

    private void handle(Pending request) {
        try {
            server.service().handle(request);
        } catch (RuntimeException defect) {
            request.answer(Answer.problem(500, "the connector can't handle this request"));
        }
    }

    private void add(ByteBuf part) {
        int size = part.readableBytes();
        if (size == 0) {
            return;
        }
        if (length + size > server.settings().maxBody()) {
            refuse(tooLarge(), false);
            return;
        }
        if (length + size > body.length) {
            int capacity = Math.min(server.settings().maxBody(), Math.max(length + size, 2 * body.length));
            if (!server.take(capacity - body.length)) {
                refuse(Answer.later(503, "too much has been sent at a time; send it again", Duration.ofSeconds(1)), false);
                return;
            }
            taken += capacity - body.length;
            body = Arrays.copyOf(body, capacity);
        }
        part.readBytes(body, length, size);
        length += size;
    }

    /** Gives back what the body took. */
    private void release() {
        server.giveBack(taken);
        taken = 0;
        body = NOTHING;
        length = 0;
        pending = null;
    }

    /**
     * Answers before the whole request is here.
     *
     * @param restIsShort whether the connection can stay for another request once the rest is here
     */
    private void refuse(Answer answer, boolean restIsShort) {
        boolean stays = keepAlive && restIsShort;
        release();
        keepAlive = stays;
        begin(stays ? State.REST : State.END, stays ? server.settings().requestTimeout() : LINGER);
        ChannelFuture written = channel.writeAndFlush(response(answer, stays));
        if (!stays) {
            written.addListener(done -> shutOutput());
        }
    }

    /** No more comes from here; the caller may still send for a moment, or its answer would be lost with the connection. */
    private void shutOutput() {
        if (server.settings().tls() == null && channel instanceof SocketChannel socket) {
            socket.shutdownOutput();
        } else {
            channel.close();
        }
    }

    private FullHttpResponse response(Answer answer, boolean stays) {
        boolean headOnly = head != null && head.method().equals("HEAD");
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()),
                headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        if (answer.status() != 204) {
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        }
        if (!stays) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    /** Ready for another request. */
    private void next() {
        head = null;
        if (!keepAlive) {
            begin(State.END, LINGER);
            shutOutput();
            return;
        }
        begin(State.HEAD, server.settings().idleTimeout());
        if (!channel.config().isAutoRead()) {
            // not from here: requests that were sent ahead and are answered at once would be handled one within the other
            channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
        }
    }

    private void answered(Pending answered, Answer answer) {
        if (pending != answered) {
            return;
        }
        boolean stays = keepAlive && !server.isDraining();
        keepAlive = stays;
        release();
        ChannelFuture written = channel.writeAndFlush(response(answer, stays));
        if (!stays) {
            channel.config().setAutoRead(true); // to see the end of the connection
            begin(State.END, LINGER);
            written.addListener(done -> shutOutput());
        } else if (written.isSuccess()) {
            next();
        } else {
            written.addListener((ChannelFutureListener) done -> {
                if (done.isSuccess()) {
                    next();
                } else {
                    channel.close();
                }
            });
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
        context.close(); // by the other side, or no TLS
    }

    /** The request that waits for its answer. */
    private final class Pending implements Exchange {

        private final RequestHead head;
        private final byte[] body;
        private volatile boolean over;

        Pending(RequestHead head, byte[] body) {
            this.head = head;
            this.body = body;
        }

        @Override
        public RequestHead head() {
            return head;
        }

        @Override
        public byte[] body() {
            return body;
        }

        @Override
        public void answer(Answer answer) {
            over = true;
            if (channel.eventLoop().inEventLoop()) {
                answered(this, answer);
            } else {
                channel.eventLoop().execute(() -> answered(this, answer));
            }
        }

        @Override
        public boolean isOver() {
            return over;
        }

        void gone() {
            over = true;
        }
    }
}
