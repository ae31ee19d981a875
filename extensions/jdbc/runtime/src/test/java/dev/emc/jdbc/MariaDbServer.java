package dev.emc.jdbc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.emc.testkit.DebianPackage;
import dev.emc.testkit.SelfSigned;

/** MariaDB as Debian packs it, with a binary log of rows. */
public final class MariaDbServer extends DatabaseProcess {

    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";

    private final SelfSigned identity;

    private MariaDbServer(SelfSigned identity) throws IOException {
        super("mariadb", "KILL");
        this.identity = identity;
    }

    /** Starts one that speaks plain text. */
    public static MariaDbServer start() throws Exception {
        return start(null);
    }

    /** Starts one that wants TLS. */
    public static MariaDbServer start(SelfSigned identity) throws Exception {
        MariaDbServer server = new MariaDbServer(identity);
        ServerProcess.copy(data(), Files.createDirectory(server.folder.resolve("data")));
        server.run();
        return server;
    }

    private static Path packages() throws IOException, InterruptedException {
        return ServerProcess.once("mariadb-debian", folder -> {
            for (String name : List.of("mariadb-server-core", "libaio1", "liburing2")) {
                Path one = folder.resolve(name);
                DebianPackage.unpack(name, one);
                ServerProcess.copy(one, folder);
                ServerProcess.delete(one);
            }
        });
    }

    /** The files of a server with one database and one user, made once a machine. */
    private static Path data() throws IOException, InterruptedException {
        Path root = packages();
        return ServerProcess.once("mariadb-debian-data", folder -> {
            Path script = Files.createTempFile("emc", ".sql");
            try (OutputStream out = Files.newOutputStream(script)) {
                out.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\nSET @skip_auth_anonymous=1;\n"
                        .getBytes());
                for (String part : List.of("mysql_system_tables", "mysql_performance_tables", "mysql_system_tables_data")) {
                    Files.copy(root.resolve("usr/share/mysql/" + part + ".sql"), out);
                }
                out.write(("FLUSH PRIVILEGES;\nCREATE DATABASE " + NAME + " CHARACTER SET utf8mb4;\nCREATE USER '" + USER
                        + "'@'%' IDENTIFIED BY '" + PASSWORD + "';\nGRANT ALL ON *.* TO '" + USER
                        + "'@'%' WITH GRANT OPTION;\n").getBytes());
            }
            List<String> command = new ArrayList<>(command(folder));
            command.add("--bootstrap");
            ServerProcess.run(command, libraries(), script);
            Files.delete(script);
        });
    }

    private static List<String> command(Path data) throws IOException, InterruptedException {
        Path share = packages().resolve("usr/share/mysql");
        return List.of(packages().resolve("usr/sbin/mariadbd").toString(), "--no-defaults", "--user=" + System.getProperty(
                "user.name"), "--datadir=" + data, "--lc-messages-dir=" + share, "--character-sets-dir=" + share + "/charsets",
                "--plugin-dir=" + packages().resolve("usr/lib/mysql/plugin"), "--innodb-log-file-size=16M",
                "--innodb-flush-log-at-trx-commit=2", "--innodb-use-native-aio=0");
    }

    private static Map<String, String> libraries() throws IOException, InterruptedException {
        return Map.of("LD_LIBRARY_PATH", packages().resolve(LIBRARIES).toString());
    }

    @Override
    void run() throws Exception {
        List<String> command = new ArrayList<>(command(folder.resolve("data")));
        command.addAll(List.of("--port=" + port, "--bind-address=127.0.0.1", "--socket=" + folder.resolve("socket"),
                "--pid-file=" + folder.resolve("pid"), "--server-id=1", "--log-bin=bin", "--binlog-format=ROW",
                "--binlog-row-image=FULL", "--binlog-row-metadata=FULL", "--character-set-server=utf8mb4"));
        if (identity != null) {
            command.addAll(List.of("--ssl-cert=" + identity.certificate(), "--ssl-key=" + identity.key(),
                    "--require-secure-transport=ON"));
        }
        process.start(command, libraries());
        awaitAnswer(process);
    }

    @Override
    public String url() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + NAME;
    }

    @Override
    public java.sql.Connection connect() throws java.sql.SQLException {
        java.util.Properties properties = new java.util.Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", PASSWORD);
        if (identity != null) {
            properties.setProperty("sslMode", "trust");
        }
        return vendor().driver().connect(url(), properties);
    }

    @Override
    public Vendor vendor() {
        return Vendor.MARIADB;
    }
}
