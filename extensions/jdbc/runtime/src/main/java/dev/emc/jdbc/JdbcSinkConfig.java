package dev.emc.jdbc;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;

/** Keys of the JDBC sink. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
public interface JdbcSinkConfig extends JdbcConnectionConfig {

    /** Table to write to. */
    String table();
}
