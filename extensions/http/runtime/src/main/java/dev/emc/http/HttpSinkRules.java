package dev.emc.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.emc.api.ConfigProblem;
import dev.emc.http.HttpSinkConfig.Format;
import dev.emc.http.client.Auths;
import dev.emc.http.client.Request;
import dev.emc.http.client.Urls;
import dev.emc.kit.Template;
import dev.emc.kit.Tls;

/** What the values of the sink's keys must fulfil. */
final class HttpSinkRules {

    private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE", "GET");

    private final HttpSinkConfig config;
    private final List<ConfigProblem> problems = new ArrayList<>();

    HttpSinkRules(HttpSinkConfig config) {
        this.config = config;
    }

    List<ConfigProblem> check() {
        config.urls().forEach(this::url);
        if (!METHODS.contains(config.method().strip().toUpperCase(Locale.ROOT))) {
            problem("method", "expected one of POST, PUT, PATCH, DELETE and GET", null);
        }
        config.headers().forEach(this::header);
        config.body().ifPresent(body -> problems.addAll(Template.check("body", body)));
        if (config.body().isPresent() && config.format() != Format.PLAIN) {
            problem("body", "has no effect with format " + config.format().name().toLowerCase(Locale.ROOT),
                    "set format to plain");
        }
        config.key().ifPresent(key -> problems.addAll(Template.check("key", key)));
        RequestWriter.idHeader(config).filter(name -> !Request.isHeaderName(name) || !Request.isSettable(name))
                .ifPresent(name -> problem("id-header", "is no header that can be set", null));
        numbers();
        problems.addAll(Auths.check("auth", config.auth()));
        problems.addAll(Auths.check("http", config.http()));
        problems.addAll(Tls.check("tls", config.tls()));
        return problems;
    }

    private void numbers() {
        if (config.parallel() < 1) {
            problem("parallel", "must be 1 or more", null);
        }
        if (config.batchSize() < 1) {
            problem("batch-size", "must be 1 or more", null);
        }
        for (int status : config.retryAlso().orElse(List.of())) {
            if (status < 300 || status > 599) {
                problem("retry-also", "expected statuses between 300 and 599", null);
            }
        }
    }

    private void url(String url) {
        List<ConfigProblem> wrong = Template.check("urls", url);
        problems.addAll(wrong);
        if (!wrong.isEmpty()) {
            return;
        }
        boolean constant = Template.parse(url).isConstant();
        if (RequestWriter.hasTemplatedHost(url)) {
            if (config.allowedHosts().isEmpty()) {
                problem("allowed-hosts", "is needed where events say which host to send to", "list the hosts");
            }
        } else {
            // what stands in the path of a template isn't known yet
            Urls.check("urls", constant ? url : url.replaceAll("\\{[^{}]*}", "x")).ifPresent(problems::add);
        }
        if (!constant && config.format() == Format.BATCH) {
            problem("urls", "can't be a template with format batch: its events go to one URL", null);
        }
    }

    private void header(String name, String value) {
        String key = "headers." + name;
        if (!Request.isHeaderName(name) || !Request.isSettable(name)) {
            problem(key, "is no header that can be set", null);
            return;
        }
        List<ConfigProblem> wrong = Template.check(key, value);
        problems.addAll(wrong);
        if (!wrong.isEmpty()) {
            return;
        }
        boolean constant = Template.parse(value).isConstant();
        if (constant && !Request.isHeaderValue(value)) {
            problem(key, "has a character that can't stand in a header", null);
        }
        if (!constant && config.format() == Format.BATCH) {
            problem(key, "can't be a template with format batch", null);
        }
    }

    private void problem(String key, String message, String suggestion) {
        problems.add(new ConfigProblem(key, message, suggestion));
    }

    /** The URLs that no event changes the host of. */
    static List<URI> known(HttpSinkConfig config) {
        List<URI> known = new ArrayList<>();
        for (String url : config.urls()) {
            if (!RequestWriter.hasTemplatedHost(url)) {
                boolean constant = Template.parse(url).isConstant();
                known.add(URI.create(constant ? url.replace("{{", "{") : RequestWriter.origin(url) + "/"));
            }
        }
        return known;
    }

    static Map<String, String> constantHeaders(HttpSinkConfig config) {
        Map<String, String> headers = new LinkedHashMap<>();
        config.headers().forEach((name, value) -> {
            if (Template.parse(value).isConstant()) {
                headers.put(name, value);
            }
        });
        return headers;
    }
}
