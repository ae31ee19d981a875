package dev.emc.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;

import dev.emc.api.ConfigProblem;
import dev.emc.http.HttpSourceConfig.Poll.Pages;
import dev.emc.http.client.Auths;
import dev.emc.http.client.Request;
import dev.emc.http.client.Urls;
import dev.emc.kit.Tls;

/** What the values of the source's keys must fulfil. */
final class HttpSourceRules {

    private static final Pattern EXTENSION = Pattern.compile("[a-z0-9]{1,20}");
    private static final Pattern METHOD = Pattern.compile("[A-Za-z]{1,20}");

    private final HttpSourceConfig config;
    private final List<ConfigProblem> problems = new ArrayList<>();

    HttpSourceRules(HttpSourceConfig config) {
        this.config = config;
    }

    List<ConfigProblem> check() {
        problems.addAll(Tls.check("tls", config.tls()));
        if (config.mode() == HttpSourceConfig.Mode.PUSH) {
            push();
        } else {
            poll();
        }
        config.headers().forEach((extension, header) -> {
            if (!EXTENSION.matcher(extension).matches() || extension.equals("data") || extension.equals("time")) {
                problem("headers." + extension, "is no name of an extension: those have lower-case letters and digits");
            }
        });
        return problems;
    }

    private void push() {
        if (config.port() < 0 || config.port() > 65535) {
            problem("port", "is no port: those go from 1 to 65535");
        }
        problems.addAll(new Routing(config).check());
        if (config.methods().stream().anyMatch(method -> !METHOD.matcher(method.strip()).matches())) {
            problem("methods", "expected methods such as POST and PUT");
        }
        if (config.maxWaiting() < 1) {
            problem("max-waiting", "must be 1 or more");
        }
        if (config.tls().enabled() && config.tls().certificate().isEmpty() && config.tls().keystore().isEmpty()) {
            problem("tls.certificate", "is needed: a server shows a certificate (tls.keystore is the other way)");
        }
        if (config.server().clientCertificates() && !config.tls().enabled()) {
            problem("server.client-certificates", "has no effect without TLS, set tls.enabled to true");
        }
        if (config.server().maxBody().asLongValue() > config.server().maxBuffered().asLongValue()) {
            problem("server.max-body", "is larger than server.max-buffered, which is for all bodies");
        }
        if (config.poll().urls().isPresent()) {
            problem("poll.urls", "has no effect with mode push", "set mode to poll");
        }
    }

    private void poll() {
        HttpSourceConfig.Poll poll = config.poll();
        if (poll.urls().isEmpty()) {
            problem("poll.urls", "is needed for mode poll");
        }
        for (String url : poll.urls().orElse(List.of())) {
            Urls.check("poll.urls", url).ifPresent(problems::add);
        }
        pointer("poll.items", poll.items().orElse(null));
        pointer("poll.id", poll.id().orElse(null));
        pointer("poll.cursor", poll.cursor().orElse(null));
        if (poll.pages() != Pages.NONE && poll.items().isEmpty()) {
            problem("poll.items", "is needed for poll.pages: without it an answer is one event");
        }
        if (poll.pages() == Pages.CURSOR && poll.cursor().isEmpty()) {
            problem("poll.cursor", "is needed for poll.pages cursor");
        }
        if (poll.resume() && poll.pages() != Pages.CURSOR) {
            problem("poll.resume", "needs poll.pages cursor");
        }
        if (poll.remember() < 1) {
            problem("poll.remember", "must be 1 or more");
        }
        headers("poll.headers", poll.headers());
        problems.addAll(Auths.check("poll.auth", poll.auth()));
        problems.addAll(Auths.check("poll.client", poll.client()));
    }

    private void headers(String key, Map<String, String> headers) {
        headers.forEach((name, value) -> {
            if (!Request.isHeaderName(name) || !Request.isSettable(name)) {
                problem(key + "." + name, "is no header that can be set");
            } else if (!Request.isHeaderValue(value)) {
                problem(key + "." + name, "has a character that can't stand in a header");
            }
        });
    }

    private void pointer(String key, String pointer) {
        if (pointer == null) {
            return;
        }
        try {
            JsonPointer.compile(pointer);
        } catch (IllegalArgumentException e) {
            problem(key, "is no JSON pointer", "write for example /data/items");
        }
    }

    private void problem(String key, String message) {
        problem(key, message, null);
    }

    private void problem(String key, String message, String suggestion) {
        problems.add(new ConfigProblem(key, message, suggestion));
    }
}
