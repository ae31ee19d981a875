package dev.emc.jdbc;

import java.util.EnumMap;
import java.util.Map;

/** One server of each vendor for all tests of a JVM; started when first asked for, ended with the JVM. */
final class Servers {

    private static final Map<Vendor, DatabaseServer> RUNNING = new EnumMap<>(Vendor.class);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.values().forEach(Servers::stop)));
    }

    private static int tables;

    private Servers() {}

    static synchronized DatabaseServer of(Vendor vendor) {
        return RUNNING.computeIfAbsent(vendor, Servers::start);
    }

    private static DatabaseServer start(Vendor vendor) {
        try {
            return switch (vendor) {
                case POSTGRESQL -> PostgresServer.start();
                case MARIADB -> MariaDbServer.start();
                case MYSQL -> MySqlServer.start();
                case H2 -> H2Server.start();
            };
        } catch (Exception e) {
            throw new AssertionError("no " + vendor.title(), e);
        }
    }

    private static void stop(DatabaseServer server) {
        try {
            server.close();
        } catch (Exception e) {
            return; // its process ends with this one
        }
    }

    /** A name that no other test uses. */
    static synchronized String newTable() {
        return "t" + ++tables;
    }
}
