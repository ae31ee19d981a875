package dev.emc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A real Redis server, or sentinel, in a process of its own on the loopback interface; its program comes with a Maven artifact. It
 * keeps its port for life, whatever is done to it, and ends with the test's JVM at the latest.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);
    private static final int SLOTS = 16_384;
    /** In a cluster the nodes talk to each other at a port so much higher. */
    private static final int BUS = 10_000;
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Builder built;
    private final int port;
    private final Path folder;
    private Process process;

    private RedisServer(Builder built) throws IOException {
        this.built = built;
        this.port = freePort();
        this.folder = built.folder != null ? built.folder : Files.createTempDirectory("redis-" + port);
    }

    /** How a server is to be. */
    public static final class Builder {

        private final List<String> options = new ArrayList<>();
        private Path folder;
        private String user;
        private String password;
        private SelfSigned identity;
        private SelfSigned client;
        private String[] sentinel;

        /** Keeps its data in this folder, each write at once, over a restart. */
        public Builder durable(Path where) {
            folder = where;
            return option("appendonly", "yes").option("appendfsync", "always");
        }

        /** Wants this password of its default user. */
        public Builder password(String secret) {
            password = secret;
            return option("requirepass", secret).option("masterauth", secret);
        }

        /**
         * Has a user beside the default one, who can't log in.
         *
         * @param rules what the user may, as in Redis' {@code ACL SETUSER}: {@code ~emc:*}, {@code +get}, …
         */
        public Builder user(String name, String secret, String... rules) {
            user = name;
            password = secret;
            return option("user", "default off").option("user", name + " on >" + secret + " " + String.join(" ", rules));
        }

        /** Speaks TLS only, with this certificate. */
        public Builder tls(SelfSigned certificate) {
            identity = certificate;
            return option("tls-cert-file", certificate.certificate().toString())
                    .option("tls-key-file", certificate.key().toString())
                    .option("tls-auth-clients", "no");
        }

        /** Wants this certificate of its clients; after {@link #tls}. */
        public Builder clientCertificate(SelfSigned certificate) {
            client = certificate;
            return option("tls-auth-clients", "yes").option("tls-ca-cert-file", certificate.certificate().toString());
        }

        /** Copies another server, whose password it shares. */
        public Builder replicaOf(RedisServer master) {
            return option("replicaof", "127.0.0.1 " + master.port()).option("repl-diskless-sync-delay", "0");
        }

        /** Is a sentinel that watches a server and makes one of its replicas the new one soon after it has died. */
        public Builder sentinelOf(String name, RedisServer master, int quorum) {
            sentinel = new String[]{"sentinel monitor " + name + " 127.0.0.1 " + master.port() + " " + quorum,
                    "sentinel down-after-milliseconds " + name + " 1000", "sentinel failover-timeout " + name + " 3000"};
            return this;
        }

        /** A line of the server's configuration file. */
        public Builder option(String name, String value) {
            options.add(name + ' ' + value);
            return this;
        }

        /** Starts the server; returns when it answers. */
        public RedisServer start() throws IOException, InterruptedException {
            RedisServer server = new RedisServer(this);
            server.start();
            return server;
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Starts one that keeps its data in memory and wants no password. */
    public static RedisServer inMemory() throws IOException, InterruptedException {
        return builder().start();
    }

    /** Starts a cluster of this many masters; close each of them. */
    public static List<RedisServer> cluster(int nodes) throws IOException, InterruptedException {
        List<RedisServer> cluster = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            cluster.add(builder().option("cluster-enabled", "yes").option("cluster-node-timeout", "2000").start());
        }
        for (int i = 0; i < nodes; i++) {
            String[] slots = IntStream.range(SLOTS * i / nodes, SLOTS * (i + 1) / nodes).mapToObj(Integer::toString)
                    .toArray(String[]::new);
            String[] command = new String[slots.length + 2];
            command[0] = "CLUSTER";
            command[1] = "ADDSLOTS";
            System.arraycopy(slots, 0, command, 2, slots.length);
            cluster.get(i).command(command);
            if (i > 0) {
                cluster.get(i).command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(cluster.get(0).port()));
            }
        }
        for (RedisServer node : cluster) {
            node.awaitReply("cluster_state:ok", "CLUSTER", "INFO");
            node.awaitReply("cluster_known_nodes:" + nodes, "CLUSTER", "INFO");
        }
        return cluster;
    }

    private void start() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        if (built.sentinel == null) {
            lines.addAll(List.of("save \"\"", "dir " + folder, "bind 127.0.0.1", "loglevel notice"));
            lines.addAll(built.options);
        } else {
            lines.addAll(List.of("dir " + folder, "bind 127.0.0.1"));
            lines.addAll(List.of(built.sentinel));
            lines.addAll(built.options);
        }
        lines.addAll(built.identity == null ? List.of("port " + port) : List.of("port 0", "tls-port " + port));
        if (built.identity != null && built.client == null) {
            lines.add("tls-ca-cert-file " + built.identity.certificate());
        }
        Path file = folder.resolve("redis-" + port + ".conf");
        Files.write(file, lines);
        List<String> command = new ArrayList<>(List.of(program().toString(), file.toString()));
        if (built.sentinel != null) {
            command.add("--sentinel");
        }
        process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
        RUNNING.add(process);
        awaitStart();
    }

    private void awaitStart() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                command("PING");
                return;
            } catch (IllegalStateException refused) {
                if (!refused.getMessage().startsWith("LOADING")) {
                    return; // it talks
                }
                Thread.sleep(20);
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new IllegalStateException("Redis did not start: " + Files.readString(log()), notYet);
                }
                Thread.sleep(20);
            }
        }
    }

    private Path log() {
        return folder.resolve("redis-" + port + ".log");
    }

    /** The server's program, unpacked once a machine. */
    private static synchronized Path program() throws IOException {
        String name = programName();
        try (InputStream packed = RedisServer.class.getClassLoader().getResourceAsStream(name)) {
            if (packed == null) {
                throw new IllegalStateException(name + " is not on the class path: embedded-redis has no such program");
            }
            byte[] bytes = packed.readAllBytes();
            Path folder = Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "emc-redis"));
            Path program = folder.resolve(name);
            if (!Files.exists(program) || Files.size(program) != bytes.length) {
                Path fresh = Files.createTempFile(folder, name, "");
                Files.write(fresh, bytes);
                if (!fresh.toFile().setExecutable(true)) {
                    throw new IOException(fresh + " can't be made executable");
                }
                Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
            }
            return program;
        }
    }

    private static String programName() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        if (system.startsWith("mac")) {
            return "redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64");
        }
        return arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
    }

    private static int freePort() throws IOException {
        for (int attempt = 0;; attempt++) {
            int port = EmcProcess.freePort();
            if (port + BUS < 65_536) {
                try (ServerSocket bus = new ServerSocket()) {
                    bus.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + BUS));
                    return port;
                } catch (IOException taken) {
                    if (attempt == 100) {
                        throw taken;
                    }
                }
            }
        }
    }

    public int port() {
        return port;
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /**
     * Sends one command as an administrator would.
     *
     * @return the answer as text; elements of an array stand in lines of their own; null when there is none
     * @throws IllegalStateException with the server's words, when it refuses
     */
    public String command(String... words) throws IOException {
        try (RedisProbe probe = RedisProbe.connect(port, built.identity != null, built.client)) {
            if (built.user != null) {
                probe.command("AUTH", built.user, built.password);
            } else if (built.password != null) {
                probe.command("AUTH", built.password);
            }
            return probe.command(words);
        }
    }

    /** Sends a command again and again until its answer contains a text. */
    public void awaitReply(String text, String... words) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        String reply = null;
        while (System.nanoTime() < deadline) {
            reply = command(words);
            if (reply != null && reply.contains(text)) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError(String.join(" ", words) + " never answered " + text + ", but " + reply);
    }

    /** SIGKILL; without {@link Builder#durable} all data is gone. Returns when the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        RUNNING.remove(process);
    }

    /** Starts it again on the same port, after {@link #kill}. */
    public void restart() throws IOException, InterruptedException {
        start();
    }

    /** SIGSTOP: it keeps its connections and answers nothing. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT: it goes on where it was paused. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (!kill.waitFor(30, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IllegalStateException("SIG" + name + " did not reach Redis");
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
