package dev.emc.testkit;

import dev.emc.meshserver.MeshServer;
import dev.emc.meshserver.MeshServerConfig;
import dev.emc.meshserver.MeshServerException;

/** An emc-mesh inside the test's own JVM. */
public final class EmbeddedMesh implements AutoCloseable {

    private final MeshServer server;

    private EmbeddedMesh(MeshServer server) {
        this.server = server;
    }

    /** Starts one on a free port that keeps events in memory. */
    public static EmbeddedMesh start() {
        return start(MeshServerConfig.builder());
    }

    /** Starts one as configured; on a free port when the port is 0, which it is by default. */
    public static EmbeddedMesh start(MeshServerConfig.Builder config) {
        try {
            return new EmbeddedMesh(MeshServer.start(config.build()));
        } catch (MeshServerException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** {@code host:port}, as in a worker's {@code mesh.address}. */
    public String address() {
        return server.address().getAddress().getHostAddress() + ":" + server.port();
    }

    public int port() {
        return server.port();
    }

    /** The server, for its numbers and for disturbing it. */
    public MeshServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
