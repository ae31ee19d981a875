package dev.emc.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.emc.testkit.EmcProcess;

/** A database server that is a process of its own, with its files in a folder of its own. */
abstract class DatabaseProcess extends DatabaseServer {

    final int port = EmcProcess.freePort();
    final Path folder;
    final ServerProcess process;
    private final String crash;

    /**
     * @param name of the folder
     * @param crash the signal at which it ends without any order
     */
    DatabaseProcess(String name, String crash) throws IOException {
        this.folder = Files.createTempDirectory(name + "-" + port);
        this.process = new ServerProcess(folder.resolve("log.txt"));
        this.crash = crash;
    }

    /** Starts it, and returns when it can be used. */
    abstract void run() throws Exception;

    @Override
    public int port() {
        return port;
    }

    @Override
    public void kill() throws Exception {
        forgetConnection();
        process.signal(crash);
        process.awaitEnd();
    }

    @Override
    public void restart() throws Exception {
        run();
    }

    @Override
    public void pause() throws Exception {
        process.signal("STOP");
    }

    @Override
    public void resume() throws Exception {
        process.signal("CONT");
    }

    @Override
    public void close() throws Exception {
        kill();
        ServerProcess.delete(folder);
    }
}
