package dev.emc.core.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

/** Quarkus' settings of a Redis client, from the keys of {@link RedisAccess}. */
public final class RedisSettings {

    /** The name of the client that the registry uses, so that a connector may have one of its own. */
    public static final String REGISTRY = "registry";

    private final String prefix;
    private final UnaryOperator<String> values;
    private final Map<String, String> quarkus = new LinkedHashMap<>();

    private RedisSettings(String client, UnaryOperator<String> values) {
        this.prefix = "quarkus.redis.\"" + client + "\".";
        this.values = values;
    }

    /**
     * @param client the client's name
     * @param values the value of a key such as {@code hosts}, its default included; null when there is none
     */
    public static Map<String, String> of(String client, UnaryOperator<String> values) {
        RedisSettings settings = new RedisSettings(client, values);
        settings.connection();
        if (Boolean.parseBoolean(settings.value("tls.enabled"))) {
            settings.tls();
        }
        return settings.quarkus;
    }

    private String value(String key) {
        return values.apply(key);
    }

    private void connection() {
        put("hosts", hosts());
        put("client-type", value("client-type"));
        if (value("client-type").equalsIgnoreCase("sentinel")) {
            put("master-name", value("master-name"));
        }
        if (value("username") == null) {
            put("password", value("password"));
        }
        put("tcp.connection-timeout", value("timeout"));
        put("tcp.keep-alive", "true");
        put("tcp.no-delay", "true");
        // one for the worker, one for the lease, and some that wait for a server which doesn't answer any more
        put("max-pool-size", "4");
    }

    /** The addresses as URLs, which are the only place for user name and database. */
    private String hosts() {
        String user = value("username");
        String credentials = user == null ? "" : encoded(user) + ':' + encoded(value("password")) + '@';
        String database = value("database");
        String path = database.equals("0") ? "" : '/' + database;
        String scheme = Boolean.parseBoolean(value("tls.enabled")) ? "rediss://" : "redis://";
        StringJoiner urls = new StringJoiner(",");
        for (String host : ValueList.split(value("hosts"))) {
            urls.add(scheme + credentials + host + path);
        }
        return urls.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text == null ? "" : text, StandardCharsets.UTF_8);
    }

    private void tls() {
        put("tls.enabled", "true");
        put("tls.hostname-verification-algorithm", Boolean.parseBoolean(value("tls.verify-host")) ? "HTTPS" : "NONE");
        if (value("tls.ca") != null) {
            put("tls.trust-certificate-pem", "true");
            put("tls.trust-certificate-pem.certs", ValueList.escape(value("tls.ca")));
        }
        if (value("tls.certificate") != null) {
            put("tls.key-certificate-pem", "true");
            put("tls.key-certificate-pem.certs", ValueList.escape(value("tls.certificate")));
            put("tls.key-certificate-pem.keys", ValueList.escape(value("tls.key")));
        }
    }

    private void put(String key, String value) {
        if (value != null) {
            quarkus.put(prefix + key, value);
        }
    }
}
