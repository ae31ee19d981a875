package dev.emc.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.emc.api.ConfigProblem;
import dev.emc.core.config.RedisAccess;
import dev.emc.core.config.RedisRules;
import dev.emc.kit.Tls;
import dev.emc.kit.TlsSettings;

/** The settings of a connector, with those in its URL in place of the keys of their own. */
final class UrlAccess implements RedisAccess {

    private static final int PORT = 6379;

    private final RedisConnectorConfig config;
    private final URI url;

    private UrlAccess(RedisConnectorConfig config, URI url) {
        this.config = config;
        this.url = url;
    }

    /** @throws IllegalArgumentException when the URL can't be used; {@link #problems} says why */
    static RedisAccess of(RedisConnectorConfig config) {
        return config.url().isEmpty() ? config : new UrlAccess(config, parse(config.url().get()));
    }

    /** What is wrong with the keys that lead to the server. */
    static List<ConfigProblem> problems(RedisConnectorConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        RedisAccess access = config;
        try {
            access = of(config);
        } catch (IllegalArgumentException wrong) {
            problems.add(new ConfigProblem("url", wrong.getMessage(), "write redis://user:password@host:6379/0"));
        }
        RedisAccess checked = access;
        RedisRules.check("connector.", key -> value(checked, key),
                (key, message, suggestion) -> problems.add(new ConfigProblem(key, message, suggestion)));
        problems.addAll(Tls.check("tls", access.tls()));
        return problems;
    }

    private static String value(RedisAccess access, String key) {
        return switch (key) {
            case "hosts" -> String.join(",", access.hosts());
            case "client-type" -> access.clientType().name();
            case "database" -> Integer.toString(access.database());
            case "username" -> access.username().orElse(null);
            case "password" -> access.password().orElse(null);
            case "sentinel-username" -> access.sentinelUsername().orElse(null);
            case "sentinel-password" -> access.sentinelPassword().orElse(null);
            case "timeout" -> access.timeout().toString();
            default -> null;
        };
    }

    private static URI parse(String text) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException wrong) {
            throw new IllegalArgumentException("is no URL"); // its message has the password
        }
        if (!"redis".equals(url.getScheme()) && !"rediss".equals(url.getScheme())) {
            throw new IllegalArgumentException("doesn't begin with redis:// or rediss://");
        }
        if (url.getHost() == null) {
            throw new IllegalArgumentException("has no host that can be one");
        }
        if (url.getPath() != null && !url.getPath().matches("/?|/[0-9]{1,9}")) {
            throw new IllegalArgumentException("has no number of a database after the slash");
        }
        return url;
    }

    private Optional<String> user(int part) {
        String[] parts = url.getRawUserInfo() == null ? new String[0] : url.getRawUserInfo().split(":", 2);
        return parts.length <= part || parts[part].isEmpty()
                ? Optional.empty()
                : Optional.of(URLDecoder.decode(parts[part].replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    @Override
    public List<String> hosts() {
        return List.of(url.getHost() + ':' + (url.getPort() < 0 ? PORT : url.getPort()));
    }

    @Override
    public ClientType clientType() {
        return config.clientType();
    }

    @Override
    public String masterName() {
        return config.masterName();
    }

    @Override
    public int database() {
        String path = url.getPath() == null ? "" : url.getPath().replace("/", "");
        return path.isEmpty() ? config.database() : Integer.parseInt(path);
    }

    @Override
    public Optional<String> username() {
        return user(0).or(config::username);
    }

    @Override
    public Optional<String> password() {
        return user(1).or(config::password);
    }

    @Override
    public Optional<String> sentinelUsername() {
        return config.sentinelUsername();
    }

    @Override
    public Optional<String> sentinelPassword() {
        return config.sentinelPassword();
    }

    @Override
    public TlsSettings tls() {
        return url.getScheme().equals("rediss") ? new TlsOn(config.tls()) : config.tls();
    }

    @Override
    public Duration timeout() {
        return config.timeout();
    }
}
