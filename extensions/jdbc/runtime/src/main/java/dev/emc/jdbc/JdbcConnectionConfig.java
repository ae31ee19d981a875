package dev.emc.jdbc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamKey;

/** Keys that lead to a database, the same for source and sink. */
@ConfigGroup
public interface JdbcConnectionConfig {

    /**
     * Address of the database: `jdbc:postgresql://host:5432/name`, `jdbc:mariadb://host:3306/name`,
     * `jdbc:mysql://host:3306/name`, `jdbc:h2:tcp://host:9092/name` or `jdbc:h2:file:/path/name`. Several hosts,
     * separated by commas, are tried in turn by the drivers of PostgreSQL, MariaDB and MySQL.
     */
    @UpstreamKey("connectorConfig.jdbcConfig.url")
    String url();

    /** User of the database. */
    @UpstreamKey("connectorConfig.jdbcConfig.user")
    Optional<String> user();

    /** The user's password. */
    @Secret
    @UpstreamKey("connectorConfig.jdbcConfig.password")
    Optional<String> password();

    /** How the connection is encrypted. */
    Tls tls();

    /** Longest time to open a connection. */
    @WithDefault("10s")
    Duration connectTimeout();

    /**
     * Longest time of one statement or commit: then the database, or if that doesn't answer the driver, gives it up, and it
     * is tried again.
     */
    @WithDefault("60s")
    Duration statementTimeout();

    /** SQL statements, separated by semicolons, that are run on each new connection, such as `SET search_path TO sales`. */
    @UpstreamKey("connectorConfig.jdbcConfig.initialStatements")
    Optional<String> initialStatements();

    /** Properties for the database's JDBC driver, by the driver's own names, such as `ApplicationName: shop`. */
    Map<String, String> properties();

    /** How the connection is encrypted. */
    @ConfigGroup
    interface Tls {

        /**
         * `disable` never encrypts; `require` encrypts without looking who answers; `verify-ca` wants a certificate of
         * `connector.tls.ca`; `verify-full` wants it to be for the host of the URL. When not set: `verify-full` if
         * `connector.tls.ca` is set, else what URL and driver say. Of H2 the URL alone decides (`jdbc:h2:ssl:`).
         */
        Optional<TlsMode> mode();

        /** PEM file with the certificates of those who may vouch for the server; the system's own when not set. */
        Optional<Path> ca();

        /** PEM file with the certificate that this client shows, and those that vouch for it. */
        Optional<Path> certificate();

        /** PEM file with the private key (PKCS#8) of `connector.tls.certificate`. */
        Optional<Path> key();
    }

    /** How the connection is encrypted. */
    enum TlsMode {
        DISABLE, REQUIRE, VERIFY_CA, VERIFY_FULL
    }
}
