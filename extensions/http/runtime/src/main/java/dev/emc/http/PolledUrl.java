package dev.emc.http;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.api.ConnectorException;
import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.RetryableException;
import dev.emc.api.SourceContext;
import dev.emc.api.SourceRecord;
import dev.emc.http.HttpSourceConfig.Poll.Pages;
import dev.emc.http.client.Request;
import dev.emc.http.client.Response;
import dev.emc.kit.JsonText;

/**
 * A URL that is asked in rounds, page by page. What the mesh has is known by its ids; the ids stand in the position of each
 * record, so that a restart sends nothing again, whatever has changed at the server.
 */
final class PolledUrl {

    /** Asks. */
    @FunctionalInterface
    interface Exchange {
        Response send(Request request) throws ConnectorException, InterruptedException;
    }

    private record Item(String hash, String id, byte[] data, String type) {}

    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,<]*\\brel\\s*=\\s*\"?([^\",;]*\\s)?next\\b");
    private static final String SEEN = "seen";
    private static final String CURSOR = "cursor";

    private final HttpSourceConfig.Poll config;
    private final URI url;
    private final Exchange exchange;
    private final Map<String, Object> partition;
    private final SeenIds seen;
    private final Deque<SourceRecord> found = new ArrayDeque<>();
    private final JsonPointer items;
    private final JsonPointer id;
    private final JsonPointer cursorAt;

    private String etag;
    private String modified;
    /** The page to ask for next; null: the first one, in a new round. */
    private URI next;
    private int page;
    private int pagesDone;
    /** The cursor that led to the current page; null for the first page. */
    private String cursor;
    private long dueAt = System.nanoTime();
    /** The last item that was found: how it is recorded depends on whether another one follows. */
    private Item newest;

    PolledUrl(HttpSourceConfig.Poll config, String url, Exchange exchange, SourceContext context) {
        this.config = config;
        this.url = URI.create(url);
        this.exchange = exchange;
        this.partition = Map.of("url", hash(url.getBytes(StandardCharsets.UTF_8)).substring(0, 22), "host",
                this.url.getHost());
        this.items = config.items().map(text -> text.equals("/") ? JsonPointer.empty() : JsonPointer.compile(text))
                .orElse(null);
        this.id = config.id().map(JsonPointer::compile).orElse(null);
        this.cursorAt = config.cursor().map(JsonPointer::compile).orElse(null);
        Map<String, Object> offset = context.position(partition).map(Position::offset).orElse(Map.of());
        this.seen = new SeenIds((String) offset.getOrDefault(SEEN, ""), config.remember());
        this.cursor = config.resume() ? (String) offset.get(CURSOR) : null;
    }

    /** Nanoseconds until it has to be asked again; 0 or less: now. */
    long dueIn() {
        return found.isEmpty() ? dueAt - System.nanoTime() : Long.MAX_VALUE;
    }

    int waiting() {
        return found.size();
    }

    void take(List<SourceRecord> records, int max) {
        while (records.size() < max && !found.isEmpty()) {
            records.add(found.remove());
        }
    }

    /** Asks for the next page; what is new in it waits to be taken. */
    void fetch() throws ConnectorException, InterruptedException {
        boolean first = next == null;
        if (first) {
            page = config.firstPage();
            pagesDone = 0;
            next = firstPage();
        }
        Request.Builder request = Request.of("GET", next).header("Accept", "application/json, */*;q=0.5");
        if (first && etag != null) {
            request.header("If-None-Match", etag);
        }
        if (first && modified != null) {
            request.header("If-Modified-Since", modified);
        }
        Response response;
        try {
            response = exchange.send(request.build());
        } catch (ConnectorException e) {
            next = first ? null : next;
            throw e;
        }
        if (response.status() == 304) {
            next = null;
            dueAt = System.nanoTime() + config.interval().toNanos();
            return;
        }
        int count;
        try {
            count = read(response);
        } finally {
            flush(true);
        }
        if (first && config.pages() == Pages.NONE) { // else a later page may change without the first one
            etag = response.header("ETag");
            modified = response.header("Last-Modified");
        }
        next = ++pagesDone < config.maxPages() ? nextPage(response, count) : null;
        if (next == null) {
            endRound();
        }
    }

    private URI firstPage() {
        if (config.pages() == Pages.PAGE) {
            return with("page", Integer.toString(page));
        }
        return cursor == null ? url : with("cursor", cursor);
    }

    private URI with(String parameter, String value) {
        String text = url.toString();
        return URI.create(text + (url.getRawQuery() == null ? "?" : "&") + config.parameter().orElse(parameter) + "="
                + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private void endRound() {
        next = null;
        if (!config.resume()) {
            cursor = null;
        }
        seen.endRound();
        dueAt = System.nanoTime() + config.interval().toNanos();
    }

    private URI nextPage(Response response, int count) throws RetryableException {
        try {
            return switch (config.pages()) {
                case NONE -> null;
                case LINK -> link(response);
                case PAGE -> count == 0 ? null : with("page", Integer.toString(++page));
                case CURSOR -> {
                    String following = JsonText.textAt(cursorAt, response.body(), "");
                    if (following == null || following.isEmpty() || following.equals(cursor)) {
                        yield null;
                    }
                    cursor = following;
                    // a feed of changes gives a new cursor each time, also when there is nothing new
                    yield config.resume() && count == 0 ? null : with("cursor", following);
                }
            };
        } catch (PermanentException | IllegalArgumentException e) {
            throw new RetryableException("the next page of " + Request.withoutSecrets(url) + " can't be found out", e);
        }
    }

    /** The next page, unless it is at another server, which must not get the credentials. */
    private URI link(Response response) {
        for (String header : response.headers().allValues("Link")) {
            Matcher link = NEXT.matcher(header);
            if (link.find()) {
                URI target = next.resolve(link.group(1));
                boolean same = url.getScheme().equals(target.getScheme()) && url.getHost().equalsIgnoreCase(target.getHost())
                        && url.getPort() == target.getPort();
                return same ? target : null;
            }
        }
        return null;
    }

    /** Finds the new items of a page; returns how many items there are. */
    private int read(Response response) throws RetryableException {
        if (items == null) {
            if (response.body().length > 0) {
                add(response.body(), response.header("Content-Type"));
            }
            return 1;
        }
        byte[] array;
        int count = 0;
        try {
            array = JsonText.at(items, response.body(), "");
            if (array == null) {
                return 0;
            }
            try (JsonParser parser = JSON.createParser(array)) {
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    throw new IOException("no array");
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    int start = (int) parser.currentTokenLocation().getByteOffset();
                    parser.finishToken();
                    parser.skipChildren();
                    int end = (int) parser.currentLocation().getByteOffset();
                    add(Arrays.copyOfRange(array, start, end), "application/json");
                    count++;
                }
            }
        } catch (IOException | PermanentException e) {
            throw new RetryableException(Request.withoutSecrets(url) + " answers with something that has no array of JSON at '"
                    + items + "'", e);
        }
        return count;
    }

    private void add(byte[] data, String type) throws RetryableException {
        String key;
        try {
            key = id == null ? null : JsonText.textAt(id, data, "");
        } catch (PermanentException e) {
            throw new RetryableException(Request.withoutSecrets(url) + " answers with something that is no JSON", e);
        }
        String hash = hash(key == null ? data : ("id:" + key).getBytes(StandardCharsets.UTF_8));
        if (newest != null && newest.hash.equals(hash) || seen.knows(hash)) {
            return;
        }
        flush(false);
        newest = new Item(hash, key == null ? hash : key, data, type);
    }

    /** Makes a record of the newest item. @param last whether it is the last one of its page */
    private void flush(boolean last) {
        if (newest == null) {
            return;
        }
        seen.add(newest.hash);
        Map<String, Object> offset = new HashMap<>();
        offset.put(SEEN, seen.text(last));
        if (config.resume() && cursor != null) {
            offset.put(CURSOR, cursor);
        }
        found.add(SourceRecord.at(new Position(partition, offset)).attribute("id", newest.id)
                .attribute("source", Request.withoutSecrets(url)).attribute("type", "dev.emc.http.item")
                .timestamp(Instant.now()).contentType(newest.type).data(newest.data).build());
        newest = null;
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
