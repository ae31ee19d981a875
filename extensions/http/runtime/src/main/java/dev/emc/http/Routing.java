package dev.emc.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.ConfigProblem;
import dev.emc.http.HttpSourceConfig.Protocol;
import dev.emc.http.signature.Scheme;
import dev.emc.http.signature.Verifier;
import dev.emc.http.signature.Verifiers;

/** The paths of the source, made of the keys {@code path}, {@code routes} and {@code auth}. */
final class Routing {

    private final HttpSourceConfig config;

    Routing(HttpSourceConfig config) {
        this.config = config;
    }

    /** All routes by their paths; {@link #check} has found nothing wrong. */
    Map<String, Route> routes() {
        Map<String, Route> routes = new LinkedHashMap<>();
        Verifier common = Verifiers.of(config.auth(), commonScheme(), config.auth().secrets().orElse(List.of()));
        routes.put(config.path(), new Route(config.path(), config.type(), Optional.empty(), common));
        config.routes().paths().forEach((name, path) -> {
            Scheme scheme = scheme(name).orElse(null);
            routes.put(path, new Route(path, config.routes().types().getOrDefault(name, config.type()),
                    Optional.ofNullable(config.routes().topics().get(name)),
                    scheme == null ? common : Verifiers.of(config.auth(), scheme, secrets(name, scheme))));
        });
        return routes;
    }

    /** EventMesh's own connector checks GitHub's signature when there is a secret. */
    private Scheme commonScheme() {
        boolean github = config.protocol() == Protocol.GITHUB && config.auth().scheme() == Scheme.NONE
                && config.auth().secrets().isPresent();
        return github ? Scheme.GITHUB : config.auth().scheme();
    }

    private Optional<Scheme> scheme(String name) {
        String text = config.routes().schemes().get(name);
        return text == null
                ? Optional.empty()
                : Arrays.stream(Scheme.values()).filter(scheme -> Routing.name(scheme).equals(text.toLowerCase(Locale.ROOT)))
                        .findFirst();
    }

    private static String name(Scheme scheme) {
        return scheme.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private List<String> secrets(String name, Scheme scheme) {
        String secrets = config.routes().secrets().get(name);
        return secrets == null || !scheme.needsSecret() ? List.of() : List.of(secrets.strip().split("\\s+"));
    }

    /** What is wrong with the keys. */
    List<ConfigProblem> check() {
        List<ConfigProblem> problems = new ArrayList<>();
        if (commonScheme() == config.auth().scheme()) {
            problems.addAll(Verifiers.check("auth", config.auth()));
        }
        Map<String, String> taken = new HashMap<>();
        checkPath("path", config.path(), taken, problems);
        config.routes().paths().forEach((name, path) -> {
            checkPath("routes.paths." + name, path, taken, problems);
            checkScheme(name, problems);
        });
        checkNames("types", config.routes().types(), problems);
        checkNames("topics", config.routes().topics(), problems);
        checkNames("schemes", config.routes().schemes(), problems);
        checkNames("secrets", config.routes().secrets(), problems);
        return problems;
    }

    private static void checkPath(String key, String path, Map<String, String> taken, List<ConfigProblem> problems) {
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '?' || c == '#')) {
            problems.add(new ConfigProblem(key, "is no path: it begins with a slash and has no ?, # and spaces",
                    path.startsWith("/") ? null : "write /" + path.strip()));
        } else if (!isUri(path)) {
            problems.add(new ConfigProblem(key, "is no URI, which the source of an event is",
                    "write unusual characters as %7C and the like, as callers do"));
        }
        String other = taken.put(path, key);
        if (other != null) {
            problems.add(new ConfigProblem(key, "is the path of " + other + ", too"));
        }
    }

    private static boolean isUri(String path) {
        try {
            new URI(path);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void checkScheme(String name, List<ConfigProblem> problems) {
        String text = config.routes().schemes().get(name);
        String secretKey = "routes.secrets." + name;
        if (text == null) {
            if (config.routes().secrets().containsKey(name)) {
                problems.add(new ConfigProblem(secretKey, "has no effect without routes.schemes." + name));
            }
            return;
        }
        Optional<Scheme> scheme = scheme(name);
        if (scheme.isEmpty()) {
            problems.add(new ConfigProblem("routes.schemes." + name, "is none of the schemes: "
                    + String.join(", ", Arrays.stream(Scheme.values()).map(Routing::name).toList())));
            return;
        }
        problems.addAll(Verifiers.check(secretKey, scheme.get(), secrets(name, scheme.get())));
        if (scheme.get() == Scheme.BASIC && (config.auth().user().isEmpty() || config.auth().password().isEmpty())) {
            problems.add(new ConfigProblem("auth.user", "and auth.password are needed for routes.schemes." + name + " basic"));
        }
    }

    private void checkNames(String map, Map<String, String> values, List<ConfigProblem> problems) {
        for (String name : values.keySet()) {
            if (!config.routes().paths().containsKey(name)) {
                problems.add(new ConfigProblem("routes." + map + "." + name, "belongs to no path",
                        "set routes.paths." + name));
            }
        }
    }
}
