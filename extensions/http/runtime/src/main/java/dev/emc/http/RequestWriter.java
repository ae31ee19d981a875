package dev.emc.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.http.HttpSinkConfig.Format;
import dev.emc.http.client.Request;
import dev.emc.http.client.TargetGuard;
import dev.emc.http.events.HttpEvents;
import dev.emc.kit.Template;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Makes requests of events. */
final class RequestWriter {

    /** A value must not lead to another folder. */
    private static final Pattern DOTS = Pattern.compile("(?i)/(\\.|%2e){1,2}(/|$)");

    private final HttpSinkConfig config;
    private final String method;
    private final List<Target> targets = new ArrayList<>();
    private final Map<String, Template> headers = new LinkedHashMap<>();
    private final Template body;
    private final JsonBody jsonBody;
    private final TargetGuard guard;

    /** @param fixed the URL, when no event changes it; else null */
    private record Target(Template url, URI fixed, boolean hostFromEvent) {

        /** What stands for its requests in messages: the path of a webhook is a secret mostly. Null for method and URL. */
        String label(String method) {
            return fixed == null ? null : method + " " + origin(fixed.toString()) + "/…";
        }
    }

    RequestWriter(HttpSinkConfig config) {
        this.config = config;
        this.method = config.method().strip().toUpperCase(Locale.ROOT);
        for (String url : config.urls()) {
            Template template = Template.parse(url);
            targets.add(new Target(template, template.isConstant() ? URI.create(url.replace("{{", "{")) : null,
                    hasTemplatedHost(url)));
        }
        config.headers().forEach((name, value) -> headers.put(name, Template.parse(value)));
        boolean json = StructuredJson.isJsonType(config.contentType());
        this.jsonBody = json ? config.body().map(JsonBody::new).orElse(null) : null;
        this.body = json ? null : config.body().map(Template::parse).orElse(null);
        this.guard = new TargetGuard(config.allowedHosts().orElse(List.of()), config.allowPrivate());
    }

    /** Whether the scheme, host or port of a URL comes from events. */
    static boolean hasTemplatedHost(String url) {
        return url.startsWith("{") || origin(url).indexOf('{') >= 0;
    }

    /** Scheme, host and port of a URL, which may be a template. */
    static String origin(String url) {
        int end = Math.max(0, url.indexOf("://") + 3);
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return url.substring(0, end);
    }

    int targets() {
        return targets.size();
    }

    /**
     * The request for an event.
     *
     * @throws PermanentException when there can't be one
     * @throws RetryableException when the host of its URL can't be looked up now
     */
    Request request(ConnectorRecord event, int target) throws PermanentException, RetryableException {
        try {
            Target to = targets.get(target);
            Request.Builder request = Request.of(method, url(event, to)).label(to.label(method));
            if (config.format() == Format.PLAIN) {
                plain(event, request);
            } else {
                HttpEvents.Message message = HttpEvents.write(event, config.format() == Format.BINARY
                        ? HttpEvents.Mode.BINARY
                        : HttpEvents.Mode.STRUCTURED);
                message.headers().forEach(request::header);
                request.body(message.body());
            }
            id(event.id(), request);
            for (Map.Entry<String, Template> header : headers.entrySet()) {
                request.header(header.getKey(), header.getValue().apply(event));
            }
            return request.build();
        } catch (EventFormatException | IllegalArgumentException e) {
            throw new PermanentException("Event '" + event.id() + "' can't be sent: " + e.getMessage(), e);
        }
    }

    /** The request for several events, each as {@link StructuredJson} writes it. Its id is that of the first one. */
    Request batch(List<byte[]> events, String id, int target) {
        HttpEvents.Message message = HttpEvents.batch(events);
        Request.Builder request = Request.of(method, targets.get(target).fixed).label(targets.get(target).label(method));
        message.headers().forEach(request::header);
        id(id, request);
        headers.forEach((name, value) -> request.header(name, value.toString()));
        return request.body(message.body()).build();
    }

    /** The header with the event's id; empty for none. */
    static Optional<String> idHeader(HttpSinkConfig config) {
        return Optional.of(config.idHeader()).filter(name -> !name.equals("none"));
    }

    private void id(String id, Request.Builder request) {
        idHeader(config).ifPresent(
                name -> request.header(name, Request.isHeaderValue(id) ? id : URLEncoder.encode(id, StandardCharsets.UTF_8)));
    }

    private void plain(ConnectorRecord event, Request.Builder request) throws PermanentException {
        if (jsonBody != null) {
            request.header("Content-Type", config.contentType()).body(jsonBody.apply(event));
        } else if (body != null) {
            request.header("Content-Type", config.contentType()).body(body.apply(event));
        } else if (event.data() != null) {
            if (event.contentType() != null) {
                request.header("Content-Type", event.contentType());
            }
            request.body(event.data());
        }
    }

    private URI url(ConnectorRecord event, Target target) throws PermanentException, RetryableException {
        if (target.fixed != null) {
            return target.fixed;
        }
        boolean whole = target.url.toString().startsWith("{");
        String text = target.url.apply(event, whole ? UnaryOperator.identity() : RequestWriter::percent);
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new PermanentException("The URL made of event '" + event.id() + "' is none: "
                    + e.getReason().toLowerCase(Locale.ROOT), e);
        }
        if (target.hostFromEvent) {
            guard.check(uri);
        }
        if (!whole && uri.getRawPath() != null && DOTS.matcher(uri.getRawPath()).find()) {
            throw new PermanentException("The URL made of event '" + event.id() + "' has . or .. in its path.");
        }
        return uri;
    }

    /** All but letters, digits and -._~ percent-encoded. */
    static String percent(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }
}
