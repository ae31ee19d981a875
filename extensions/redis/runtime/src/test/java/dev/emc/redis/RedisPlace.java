package dev.emc.redis;

import java.util.Map;

import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.RedisServer;

/** A server for the suites, behind a network that can be cut. */
final class RedisPlace implements AutoCloseable {

    private static final String PASSWORD = "s3cret-of-redis";

    private final RedisServer server = RedisServer.builder().password(PASSWORD).start();
    private final CuttableProxy network = CuttableProxy.to(server.address());
    private final RedisAdmin admin = new RedisAdmin("redis://:" + PASSWORD + "@" + server.address());
    private int places;

    RedisPlace() throws Exception {}

    RedisAdmin admin() {
        return admin;
    }

    /** @param name of the key that says where in the server */
    Map<String, String> next(String name) {
        return Map.of("hosts", network.address(), "password", PASSWORD, name, "place-" + ++places);
    }

    /** The same as {@link #next}, with one address for all that leads to the server. */
    Map<String, String> nextByUrl(String name) {
        return Map.of("url", "redis://:" + PASSWORD + "@" + network.address(), name, "place-" + ++places);
    }

    void cut() throws Exception {
        network.cut();
    }

    void mend() throws Exception {
        network.mend();
    }

    @Override
    public void close() throws Exception {
        admin.close();
        network.close();
        server.close();
    }
}
