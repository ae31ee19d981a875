package dev.emc.jdbc;

import java.sql.Driver;
import java.util.Optional;

/** The databases that the connectors know, each with its driver. */
public enum Vendor {

    POSTGRESQL("PostgreSQL"), MARIADB("MariaDB"), MYSQL("MySQL"), H2("H2");

    /** What the URLs look like that {@link #of} knows. */
    static final String URLS = "jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql: or jdbc:h2:";

    private final String title;

    Vendor(String title) {
        this.title = title;
    }

    /** The vendor of a URL; empty when it is none of them. */
    public static Optional<Vendor> of(String url) {
        for (Vendor vendor : values()) {
            if (url.startsWith("jdbc:" + vendor.name().toLowerCase(java.util.Locale.ROOT) + ":")) {
                return Optional.of(vendor);
            }
        }
        return Optional.empty();
    }

    /** Its name for people. */
    public String title() {
        return title;
    }

    /** Made here, not found by name: only what is named is in a native image. */
    Driver driver() {
        return switch (this) {
            case POSTGRESQL -> new org.postgresql.Driver();
            case MARIADB, MYSQL -> new org.mariadb.jdbc.Driver();
            case H2 -> new org.h2.Driver();
        };
    }
}
