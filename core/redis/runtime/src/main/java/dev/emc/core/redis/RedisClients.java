package dev.emc.core.redis;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisReplicas;

import dev.emc.api.FatalException;
import dev.emc.core.config.RedisAccess;
import dev.emc.kit.Tls;

/** Makes Redis clients when they are needed: Quarkus makes its own when the application starts, whatever its settings are. */
public final class RedisClients {

    private RedisClients() {}

    /**
     * A client, which connects when it is used.
     *
     * @param connections how many there may be to each server
     * @throws FatalException when a file of the TLS settings can't be used
     */
    public static Redis create(RedisAccess access, int connections, Vertx vertx) throws FatalException {
        NetClientOptions network = network(access);
        if (access.clientType() != RedisAccess.ClientType.SENTINEL) {
            return Redis.createClient(vertx, options(access, connections, network, access.clientType(), access.hosts()));
        }
        List<Redis> sentinels = access.hosts().stream().map(host -> sentinel(access, network, host, vertx)).toList();
        return new SentinelRedis(sentinels, access.masterName(), address -> Redis.createClient(vertx,
                options(access, connections, network, RedisAccess.ClientType.STANDALONE, List.of(address))));
    }

    private static Redis sentinel(RedisAccess access, NetClientOptions network, String host, Vertx vertx) {
        String user = access.sentinelUsername().map(name -> encoded(name) + ':'
                + encoded(access.sentinelPassword().orElse("")) + '@').orElse("");
        RedisOptions options = new RedisOptions().setType(RedisClientType.STANDALONE)
                .setPreferredProtocolVersion(ProtocolVersion.RESP2).setMaxPoolSize(1).setMaxPoolWaiting(1)
                .setNetClientOptions(network).setConnectionString(scheme(access) + user + host);
        if (user.isEmpty()) {
            access.sentinelPassword().ifPresent(options::setPassword);
        }
        return Redis.createClient(vertx, options);
    }

    private static RedisOptions options(RedisAccess access, int connections, NetClientOptions network,
            RedisAccess.ClientType type, List<String> hosts) {
        RedisOptions options = new RedisOptions().setType(RedisClientType.valueOf(type.name()))
                .setUseReplicas(RedisReplicas.NEVER)
                // answers have the same form, whatever the version of the server is
                .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                .setMaxPoolSize(connections).setMaxPoolWaiting(4 * connections)
                .setNetClientOptions(network);
        if (access.username().isEmpty()) {
            access.password().ifPresent(options::setPassword);
        }
        for (String host : hosts) {
            options.addConnectionString(url(access, host));
        }
        return options;
    }

    private static String scheme(RedisAccess access) {
        return access.tls().enabled() ? "rediss://" : "redis://";
    }

    /** An address as URL, which is the only place for user name and database. */
    static String url(RedisAccess access, String host) {
        String credentials = access.username()
                .map(user -> encoded(user) + ':' + encoded(access.password().orElse("")) + '@').orElse("");
        String path = access.database() == 0 ? "" : "/" + access.database();
        return scheme(access) + credentials + host + path;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static NetClientOptions network(RedisAccess access) throws FatalException {
        NetClientOptions net = new NetClientOptions().setConnectTimeout((int) access.timeout().toMillis())
                .setTcpKeepAlive(true).setTcpNoDelay(true);
        if (access.tls().enabled()) {
            net.setSsl(true).setHostnameVerificationAlgorithm(access.tls().verifyHost() ? "HTTPS" : "");
            net.setTrustOptions(TrustOptions.wrap(Tls.trusted(access.tls())));
            KeyManagerFactory keys = Tls.keys(access.tls());
            if (keys != null) {
                net.setKeyCertOptions(KeyCertOptions.wrap(keys));
            }
        }
        return net;
    }

    /** The server for the user: {@code the Redis server 127.0.0.1:6379}. */
    public static String place(RedisAccess redis) {
        String hosts = String.join(", ", redis.hosts());
        return switch (redis.clientType()) {
            case STANDALONE -> "the Redis server " + hosts;
            case SENTINEL -> "the Redis server '" + redis.masterName() + "' of the sentinels " + hosts;
            case CLUSTER -> "the Redis cluster " + hosts;
            case REPLICATION -> "the Redis servers " + hosts;
        };
    }
}
