package dev.emc.meshserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Properties;

import io.quarkus.runtime.annotations.QuarkusMain;

import dev.emc.meshserver.MeshOptions.UsageException;

/** The program emc-mesh: reads its command line, serves until it is told to end, and ends in order. */
@QuarkusMain
public final class MeshApplication {

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 3;
    /** Read when the native executable is built. */
    private static final String VERSION = readVersion();

    private static volatile int exitCode;

    private MeshApplication() {}

    public static void main(String... args) throws InterruptedException {
        MeshOptions options = new MeshOptions();
        MeshServerConfig config;
        try {
            config = options.parse(args).log(MeshApplication::log).build();
        } catch (UsageException e) {
            exit(USAGE, e);
            return;
        }
        if (options.help()) {
            System.out.print(options.usage());
        } else if (options.version()) {
            System.out.println("emc-mesh " + VERSION);
        } else {
            serve(config);
        }
    }

    private static void serve(MeshServerConfig config) throws InterruptedException {
        MeshServer server;
        try {
            server = MeshServer.start(config);
        } catch (MeshServerException e) {
            exit(UNREACHABLE, e);
            return;
        }
        // halt, because a process that ends on a signal would not end with 0
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            Runtime.getRuntime().halt(exitCode);
        }, "emc-mesh-end"));
        System.out.println("emc-mesh " + VERSION
                + ": one EventMesh-compatible node for a laptop and for tests; production uses an EventMesh cluster.");
        System.out.println("Listening at " + config.host + ":" + server.port() + ", "
                + (config.data == null ? "events in memory only (--data DIR keeps them)." : "events in " + config.data + "."));
        try {
            server.awaitEnd();
        } catch (MeshServerException e) {
            // the server has logged why
            exitCode = FAILED;
            System.exit(FAILED);
        }
    }

    private static void log(String message) {
        System.out.println(DateTimeFormatter.ISO_LOCAL_TIME.format(LocalDateTime.now().withNano(0)) + " " + message);
    }

    private static void exit(int code, Exception reason) {
        System.err.println("emc-mesh: " + reason.getMessage());
        exitCode = code;
        System.exit(code);
    }

    private static String readVersion() {
        Properties properties = new Properties();
        try (InputStream in = MeshApplication.class.getResourceAsStream("/emc-mesh.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
