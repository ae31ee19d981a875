package dev.emc.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.h2.tools.Server;

import dev.emc.testkit.EmcProcess;

/** H2 behind its TCP server, in this process, with its database in a file. */
public final class H2Server extends DatabaseServer {

    private final int port = EmcProcess.freePort();
    private final Path folder = Files.createTempDirectory("h2-" + port);
    private Server server;

    private H2Server() throws IOException {}

    public static H2Server start() throws Exception {
        H2Server server = new H2Server();
        server.restart();
        return server;
    }

    @Override
    public String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + port + "/./" + NAME;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Vendor vendor() {
        return Vendor.H2;
    }

    @Override
    public void kill() {
        forgetConnection();
        server.stop();
    }

    @Override
    public void restart() throws Exception {
        server = Server.createTcpServer("-tcpPort", Integer.toString(port), "-ifNotExists", "-baseDir", folder.toString())
                .start();
        execute("SELECT 1");
    }

    @Override
    public void pause() {
        throw new UnsupportedOperationException("H2 runs in the test's own process");
    }

    @Override
    public void resume() {
        throw new UnsupportedOperationException("H2 runs in the test's own process");
    }

    @Override
    public void close() throws Exception {
        kill();
        ServerProcess.delete(folder);
    }
}
