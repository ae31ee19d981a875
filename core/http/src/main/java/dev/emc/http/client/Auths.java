package dev.emc.http.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.emc.api.ConfigProblem;
import dev.emc.http.signature.HmacSettings;
import dev.emc.http.signature.Scheme;

/** Makes of {@link AuthConfig} and {@link ClientConfig} what they say, and finds what they lack. */
public final class Auths {

    private Auths() {}

    /**
     * The credentials that the keys describe; {@link #check} has found nothing wrong with them.
     *
     * @param idHeader the header that has the message's id, for signatures with one
     */
    public static Auth of(AuthConfig config, String idHeader) {
        return switch (config.type()) {
            case NONE -> Auth.none();
            case BASIC -> Auth.basic(config.user().orElseThrow(), config.password().orElse(""));
            case BEARER -> Auth.bearer(config.token().orElseThrow());
            case API_KEY -> Auth.apiKey(config.header().orElse("X-API-Key"), config.token().orElseThrow());
            case OAUTH2 -> Auth.oauth2(URI.create(config.tokenUrl().orElseThrow()),
                    config.clientId().orElseThrow(), config.clientSecret().orElseThrow(), config.scope().orElse(null),
                    config.audience().orElse(null), config.credentialsIn() == AuthConfig.Place.BODY);
            default -> Auth.signature(scheme(config.type()), config.secret().orElseThrow(), idHeader,
                    new HmacSettings(config.header().orElse("X-Signature"), config.prefix().orElse(""), config.algorithm(),
                            config.encoding()));
        };
    }

    private static Scheme scheme(AuthConfig.Type type) {
        return Scheme.valueOf(type.name());
    }

    /** What is wrong with the keys. @param prefix where they stand, such as {@code auth} */
    public static List<ConfigProblem> check(String prefix, AuthConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        switch (config.type()) {
            case NONE -> {
                // needs nothing
            }
            case BASIC -> need(prefix, "user", config.user(), config, problems);
            case BEARER, API_KEY -> token(prefix, config, problems);
            case OAUTH2 -> {
                need(prefix, "token-url", config.tokenUrl(), config, problems);
                config.tokenUrl().ifPresent(url -> Urls.check(prefix + ".token-url", url).ifPresent(problems::add));
                need(prefix, "client-id", config.clientId(), config, problems);
                need(prefix, "client-secret", config.clientSecret(), config, problems);
            }
            default -> {
                need(prefix, "secret", config.secret(), config, problems);
                String wrong = config.secret().map(scheme(config.type())::problem).orElse(null);
                if (wrong != null) {
                    problems.add(new ConfigProblem(prefix + ".secret", wrong));
                }
            }
        }
        config.header().filter(name -> !Request.isHeaderName(name) || !Request.isSettable(name))
                .ifPresent(
                        name -> problems.add(new ConfigProblem(prefix + ".header", "is no name of a header that can be set")));
        return problems;
    }

    private static void token(String prefix, AuthConfig config, List<ConfigProblem> problems) {
        need(prefix, "token", config.token(), config, problems);
        config.token().filter(token -> !Request.isHeaderValue(token)).ifPresent(token -> problems
                .add(new ConfigProblem(prefix + ".token",
                        "has a character that can't stand in a header, perhaps a line break")));
    }

    private static void need(String prefix, String key, Optional<String> value, AuthConfig config,
            List<ConfigProblem> problems) {
        if (value.isEmpty()) {
            problems.add(new ConfigProblem(prefix + "." + key, "is needed for " + prefix + ".type "
                    + config.type().name().toLowerCase(Locale.ROOT).replace('_', '-')));
        }
    }

    /** What is wrong with the keys of a client. @param prefix where they stand, such as {@code http} */
    public static List<ConfigProblem> check(String prefix, ClientConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        if (config.timeout().toMillis() <= 0) {
            problems.add(new ConfigProblem(prefix + ".timeout", "must be longer than nothing"));
        }
        if (config.connectTimeout().toMillis() <= 0) {
            problems.add(new ConfigProblem(prefix + ".connect-timeout", "must be longer than nothing"));
        }
        config.proxy().ifPresent(proxy -> Urls.check(prefix + ".proxy", proxy).ifPresent(problems::add));
        config.proxy().filter(proxy -> proxy.startsWith("https:")).ifPresent(proxy -> problems
                .add(new ConfigProblem(prefix + ".proxy", "a proxy is spoken to without TLS", "write http://…")));
        if (config.proxy().isEmpty() && (config.proxyUser().isPresent() || config.proxyPassword().isPresent())) {
            problems.add(new ConfigProblem(prefix + ".proxy-user", "has no effect without " + prefix + ".proxy"));
        }
        return problems;
    }
}
