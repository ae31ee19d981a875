package dev.emc.jdbc;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamKey;
import dev.emc.kit.TlsSettings;

/** Keys that lead to a database, the same for source and sink. */
@ConfigGroup
public interface JdbcConnectionConfig {

    /**
     * Address of the database: `jdbc:postgresql://host:5432/name`, `jdbc:mariadb://host:3306/name`,
     * `jdbc:mysql://host:3306/name`, `jdbc:h2:tcp://host:9092/name` or `jdbc:h2:file:/path/name`. Several hosts,
     * separated by commas, are tried in turn by the drivers of PostgreSQL, MariaDB and MySQL. MySQL 8 without TLS needs
     * `?allowPublicKeyRetrieval=true` in it.
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

    /** Encryption. When not enabled here, URL and driver say whether the connection is encrypted. */
    TlsSettings tls();

    /** Longest time to open a connection. */
    @WithDefault("10s")
    Duration connectTimeout();

    /**
     * Longest time of one statement or commit: then the database, or if that doesn't answer the driver, gives it up, and it
     * is tried again.
     */
    @WithDefault("30s")
    Duration statementTimeout();

    /** SQL statements, separated by semicolons, that are run on each new connection, such as `SET search_path TO sales`. */
    @UpstreamKey("connectorConfig.jdbcConfig.initialStatements")
    Optional<String> initialStatements();

    /** Properties for the database's JDBC driver, by the driver's own names, such as `ApplicationName: shop`. */
    Map<String, String> properties();
}
