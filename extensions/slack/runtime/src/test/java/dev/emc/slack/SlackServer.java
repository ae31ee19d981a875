package dev.emc.slack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.emc.testkit.StandInThreads;

/**
 * A stand-in for Slack, written from the public reference of its Web API, incoming webhooks and file uploads. It refuses what
 * Slack refuses, with Slack's answers, and misbehaves on command.
 */
public final class SlackServer implements AutoCloseable {

    static {
        // else each answer waits for an acknowledgement of TCP, 40 ms
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    public static final String TOKEN = "xoxb-17653672481-right";
    static final String WEBHOOK_PATH = "/services/T1/B1/secretpath";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A message as it stands in a channel. */
    record Message(String ts, String text, String threadTs, JsonNode body) {}

    /** A file as it stands in a channel. */
    record SharedFile(String channel, String name, String title, byte[] content, String comment, String threadTs) {}

    /** What goes wrong with the next request of a method. */
    enum Misbehaviour {
        RATE_LIMITED, BROKEN, HTML_PAGE, INTERNAL_ERROR, TAKEN_AND_CUT, NOT_AUTHED
    }

    private final HttpServer server;
    private final ExecutorService threads = StandInThreads.pool();
    private final AtomicLong clock = new AtomicLong(1_700_000_000_000_000L);
    private final Map<String, List<Message>> channels = new ConcurrentHashMap<>();
    private final Map<String, Long> lastPost = new ConcurrentHashMap<>();
    private final List<SharedFile> files = new ArrayList<>();
    private final Map<String, Map<String, String>> uploads = new ConcurrentHashMap<>();
    private final Map<String, byte[]> uploaded = new ConcurrentHashMap<>();
    private final Map<String, Queue<Misbehaviour>> misbehaviours = new ConcurrentHashMap<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Set<String> archived = ConcurrentHashMap.newKeySet();
    volatile long leastMillis;
    volatile String scopes = "chat:write,files:write,chat:write.customize";

    public SlackServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Where its Web API is. */
    public String url() {
        return "http://127.0.0.1:" + port() + "/api";
    }

    public void addChannel(String id) {
        channels.put(id, new ArrayList<>());
    }

    void archive(String id) {
        archived.add(id);
    }

    /** What goes wrong with the next requests of a method. */
    void misbehave(String method, Misbehaviour... how) {
        misbehaviours.computeIfAbsent(method, any -> new ConcurrentLinkedQueue<>()).addAll(List.of(how));
    }

    List<Message> messages(String channel) {
        List<Message> messages = channels.get(channel);
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    /** How many messages stand in a channel. */
    public int posted(String channel) {
        List<Message> messages = channels.get(channel);
        synchronized (messages) {
            return messages.size();
        }
    }

    /** The texts of the messages in a channel. */
    public List<String> texts(String channel) {
        return messages(channel).stream().map(Message::text).toList();
    }

    List<SharedFile> files() {
        synchronized (files) {
            return List.copyOf(files);
        }
    }

    /** Methods in the order in which they were called. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            String method = path.startsWith("/api/") ? path.substring(5) : path;
            requests.add(method);
            Queue<Misbehaviour> planned = misbehaviours.getOrDefault(method, new ArrayDeque<>());
            Misbehaviour how = planned.poll();
            if (how == null) {
                answer(exchange, method, body);
            } else {
                misbehave(exchange, method, body, how);
            }
        } catch (RuntimeException bug) {
            bug.printStackTrace();
            throw bug;
        }
    }

    private void misbehave(HttpExchange exchange, String method, byte[] body, Misbehaviour how) throws IOException {
        switch (how) {
            case RATE_LIMITED -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                reply(exchange, 429, "application/json", "{\"ok\":false,\"error\":\"ratelimited\"}");
            }
            case BROKEN -> reply(exchange, 500, "text/plain", "oops");
            case HTML_PAGE -> reply(exchange, 503, "text/html", "<html><body>Slack is down</body></html>");
            case INTERNAL_ERROR -> ok(exchange, error("internal_error"));
            case NOT_AUTHED -> ok(exchange, error("invalid_auth"));
            case TAKEN_AND_CUT -> dispatch(exchange, method, body); // closed without an answer
        }
    }

    private void answer(HttpExchange exchange, String method, byte[] body) throws IOException {
        if (method.equals(WEBHOOK_PATH)) {
            String wrong = webhook(exchange, body);
            reply(exchange, wrong == null ? 200 : 400, "text/html", wrong == null ? "ok" : wrong);
        } else if (method.startsWith("/services/")) {
            reply(exchange, 404, "text/html", "no_service");
        } else if (method.startsWith("/upload/")) {
            upload(exchange, method.substring(8), body);
        } else {
            exchange.getResponseHeaders().set("x-oauth-scopes", scopes);
            ok(exchange, dispatch(exchange, method, body));
        }
    }

    private static void ok(HttpExchange exchange, String json) throws IOException {
        if (json.contains("\"ratelimited\"")) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            reply(exchange, 429, "application/json", json);
        } else {
            reply(exchange, 200, "application/json; charset=utf-8", json);
        }
    }

    private static void reply(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String error(String name) {
        return "{\"ok\":false,\"error\":\"" + name + "\"}";
    }

    private String dispatch(HttpExchange exchange, String method, byte[] body) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null) {
            return error("not_authed");
        }
        if (!authorization.equals("Bearer " + TOKEN)) {
            return error("invalid_auth");
        }
        Map<String, JsonNode> fields = fields(exchange, body);
        if (fields == null) {
            return error("invalid_json");
        }
        return switch (method) {
            case "auth.test" -> "{\"ok\":true,\"team\":\"Shop\",\"user\":\"emc\",\"team_id\":\"T1\",\"user_id\":\"U1\"}";
            case "chat.postMessage" -> scopes.contains("chat:write") ? post(fields) : missing("chat:write");
            case "chat.update" -> update(fields);
            case "files.getUploadURLExternal" -> scopes.contains("files:write") ? place(fields) : missing("files:write");
            case "files.completeUploadExternal" -> share(fields);
            default -> error("unknown_method");
        };
    }

    private static String missing(String scope) {
        return "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"" + scope + "\",\"provided\":\"\"}";
    }

    private static Map<String, JsonNode> fields(HttpExchange exchange, byte[] body) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        try {
            if (type != null && type.startsWith("application/json")) {
                JsonNode json = JSON.readTree(body);
                json.fields().forEachRemaining(field -> fields.put(field.getKey(), field.getValue()));
                return json.isObject() ? fields : null;
            }
            for (String pair : new String(body, StandardCharsets.UTF_8).split("&")) {
                String[] parts = pair.split("=", 2);
                if (parts.length == 2) {
                    String text = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
                    String name = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
                    boolean structure = name.equals("blocks") || name.equals("files") || name.equals("metadata");
                    fields.put(name, structure ? JSON.readTree(text) : JSON.getNodeFactory().textNode(text));
                }
            }
            return fields;
        } catch (IOException noJson) {
            return null;
        }
    }

    private static String text(Map<String, JsonNode> fields, String name) {
        JsonNode node = fields.get(name);
        return node == null || node.isNull() ? "" : node.asText();
    }

    private String post(Map<String, JsonNode> fields) {
        String channel = text(fields, "channel");
        String wrong = wrong(channel, fields);
        if (wrong != null) {
            return error(wrong);
        }
        List<Message> messages = channels.get(channel);
        synchronized (messages) {
            String thread = text(fields, "thread_ts");
            if (!thread.isEmpty() && messages.stream().noneMatch(message -> message.ts.equals(thread))) {
                return error("thread_not_found");
            }
            long now = System.nanoTime();
            Long last = lastPost.get(channel);
            if (last != null && now - last < leastMillis * 1_000_000) {
                return error("ratelimited");
            }
            lastPost.put(channel, now);
            Message message = new Message(nextTs(), text(fields, "text"), thread, JSON.valueToTree(fields));
            messages.add(message);
            return "{\"ok\":true,\"channel\":\"" + channel + "\",\"ts\":\"" + message.ts + "\",\"message\":{\"text\":"
                    + JSON.getNodeFactory().textNode(message.text) + "}}";
        }
    }

    private String nextTs() {
        long micros = clock.incrementAndGet();
        return micros / 1_000_000 + "." + String.format("%06d", micros % 1_000_000);
    }

    private String wrong(String channel, Map<String, JsonNode> fields) {
        if (!channels.containsKey(channel)) {
            return "channel_not_found";
        }
        if (archived.contains(channel)) {
            return "is_archived";
        }
        return wrongContent(fields);
    }

    private static String wrongContent(Map<String, JsonNode> fields) {
        JsonNode blocks = fields.get("blocks");
        if (text(fields, "text").isEmpty() && blocks == null && fields.get("attachments") == null) {
            return "no_text";
        }
        if (text(fields, "text").codePoints().count() > 40_000) {
            return "msg_too_long";
        }
        if (blocks != null) {
            if (!blocks.isArray() || blocks.size() > 50) {
                return "invalid_blocks";
            }
            for (JsonNode block : blocks) {
                if (!block.path("type").isTextual()) {
                    return "invalid_blocks";
                }
            }
        }
        JsonNode metadata = fields.get("metadata");
        if (metadata != null && (!metadata.path("event_type").isTextual() || !metadata.path("event_payload").isObject())) {
            return "invalid_metadata_format";
        }
        return null;
    }

    private String update(Map<String, JsonNode> fields) {
        String channel = text(fields, "channel");
        String wrong = wrong(channel, fields);
        if (wrong != null) {
            return error(wrong);
        }
        List<Message> messages = channels.get(channel);
        synchronized (messages) {
            for (int i = 0; i < messages.size(); i++) {
                if (messages.get(i).ts.equals(text(fields, "ts"))) {
                    messages.set(i, new Message(messages.get(i).ts, text(fields, "text"), messages.get(i).threadTs,
                            JSON.valueToTree(fields)));
                    return "{\"ok\":true,\"channel\":\"" + channel + "\",\"ts\":\"" + messages.get(i).ts + "\"}";
                }
            }
            return error("message_not_found");
        }
    }

    private String webhook(HttpExchange exchange, byte[] body) throws IOException {
        if (exchange.getRequestHeaders().containsKey("Authorization")) {
            return "a token has no business here";
        }
        Map<String, JsonNode> fields = fields(exchange, body);
        if (fields == null) {
            return "invalid_payload";
        }
        String wrong = wrongContent(fields);
        if (wrong != null) {
            return wrong;
        }
        List<Message> messages = channels.computeIfAbsent("webhook", any -> new ArrayList<>());
        synchronized (messages) {
            messages.add(new Message(nextTs(), text(fields, "text"), text(fields, "thread_ts"), JSON.valueToTree(fields)));
        }
        return null;
    }

    private String place(Map<String, JsonNode> fields) {
        if (text(fields, "filename").isEmpty() || !text(fields, "length").matches("[1-9][0-9]*")) {
            return error("invalid_arguments");
        }
        String id = "F" + clock.incrementAndGet();
        uploads.put(id, Map.of("name", text(fields, "filename"), "length", text(fields, "length")));
        return "{\"ok\":true,\"upload_url\":\"http://127.0.0.1:" + port() + "/upload/" + id + "\",\"file_id\":\"" + id + "\"}";
    }

    private void upload(HttpExchange exchange, String id, byte[] body) throws IOException {
        Map<String, String> expected = uploads.get(id);
        boolean right = expected != null && expected.get("length").equals(Integer.toString(body.length))
                && !exchange.getRequestHeaders().containsKey("Authorization");
        if (right) {
            uploaded.put(id, body);
        }
        reply(exchange, right ? 200 : 400, "text/plain", right ? "OK - " + body.length : "wrong");
    }

    private String share(Map<String, JsonNode> fields) {
        String channel = text(fields, "channel_id");
        if (!channels.containsKey(channel)) {
            return error("channel_not_found");
        }
        for (JsonNode file : fields.getOrDefault("files", JSON.createArrayNode())) {
            String id = file.path("id").asText();
            if (!uploaded.containsKey(id)) {
                return error("file_not_found");
            }
            synchronized (files) {
                files.add(new SharedFile(channel, uploads.get(id).get("name"), file.path("title").asText(), uploaded.get(id),
                        text(fields, "initial_comment"), text(fields, "thread_ts")));
            }
        }
        return "{\"ok\":true,\"files\":[]}";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
