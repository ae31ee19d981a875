package dev.emc.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;

/** Keys of the JDBC source. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
@UpstreamIgnored(key = "connectorConfig.jdbcConfig.hostname", because = "the host is part of connector.url")
@UpstreamIgnored(key = "connectorConfig.jdbcConfig.port", because = "the port is part of connector.url")
@UpstreamIgnored(key = "connectorConfig.jdbcConfig.databaseName", because = "the database is part of connector.url")
@UpstreamIgnored(key = "connectorConfig.jdbcConfig.connectTimeout", because = "connector.connect-timeout has a unit: 10s")
@UpstreamIgnored(key = "connectorConfig.databaseType", because = "connector.url says whose database it is")
@UpstreamIgnored(key = "connectorConfig.databaseIncludeList", because = "the names in connector.tables have the database: shop.orders")
@UpstreamIgnored(key = "connectorConfig.databaseExcludeList", because = "the names in connector.tables have the database: shop.orders")
@UpstreamIgnored(key = "connectorConfig.maxTask", because = "one connection reads all tables")
@UpstreamIgnored(key = "connectorConfig.name", because = "the worker has a name of its own")
@UpstreamIgnored(key = "connectorConfig.skipSnapshot", because = "connector.start: now leaves out the rows that are there at the start")
@UpstreamIgnored(key = "connectorConfig.snapshotData", because = "connector.start: now leaves out the rows that are there at the start")
@UpstreamIgnored(key = "connectorConfig.snapshotSchema", because = "changes of tables make no events")
@UpstreamIgnored(key = "connectorConfig.snapshotMaxThreads", because = "one connection reads all tables")
@UpstreamIgnored(key = "connectorConfig.skipViews", because = "a pattern in connector.tables never means a view")
@UpstreamIgnored(key = "connectorConfig.skipComments", because = "comments of tables make no events")
@UpstreamIgnored(key = "connectorConfig.mysqlConfig", because = "rows are read by queries, not from the binary log")
public interface JdbcSourceConfig extends JdbcConnectionConfig {

    /**
     * How rows are found: `query` asks the tables for what is new, by columns whose values grow. It doesn't see deleted rows, nor
     * what a row was between two looks.
     */
    @WithDefault("query")
    Mode mode();

    /**
     * Tables to read, with commas between them: `orders`, `sales.orders` (the schema, or with MariaDB and MySQL the database,
     * before the dot), or patterns with `*` and `?` such as `sales.*`. A pattern never means a view; one without a dot means the
     * current schema. Tables that appear later and fit a pattern are read, too, from their first row.
     */
    @UpstreamKey("connectorConfig.tableIncludeList")
    Optional<List<String>> tables();

    /** Tables or patterns to leave out. */
    @UpstreamKey("connectorConfig.tableExcludeList")
    Optional<List<String>> excludeTables();

    /**
     * A `SELECT` to read in place of tables. It is put into another one as `SELECT * FROM (…)`, so every column needs a
     * name, those of `key-columns` and `timestamp-column` have to be among them, and a semicolon or parameters can't be.
     */
    Optional<String> query();

    /** What the query is called in the registry, in ids and in the extension `table`; another name starts anew. */
    @WithDefault("query")
    String queryName();

    /**
     * Columns that tell rows apart, in this order; the primary key when not set. Without `timestamp-column` they find what is
     * new, so that each new row has to have a higher key than those before: a number from a sequence or with auto-increment, or
     * what is named here. Rows that have null there are not read.
     */
    Optional<List<String>> keyColumns();

    /**
     * Column with the time at which a row was written last, such as `updated_at`: then changed rows are read as well. Rows of
     * the same time are told apart by `key-columns`. Rows that have null there are not read, those of the future when their
     * time has come. It needs an index, best together with the key.
     */
    Optional<String> timestampColumn();

    /**
     * Time zone of the values in a `timestamp-column` whose type has none, such as `UTC` or `Europe/Berlin`; required for
     * such a column. With a zone that has summer time, rows of the hour that comes twice can be lost: use `UTC`, or a type with
     * a zone.
     */
    Optional<String> timezone();

    /**
     * Where to begin with a table that the registry has no position of: `first` with all rows that are there, `now` with those
     * that come after the start (until one has come, a restart is a start), `value` with those from `start-value` on.
     */
    @WithDefault("first")
    Start start();

    /** First value of `timestamp-column`, or without one of the first of `key-columns`, to read with `start: value`. */
    Optional<String> startValue();

    /**
     * Longest time between the moment in which a transaction gives a row its time or key and its commit. Rows with a lower
     * one that are committed later would be missed, so that rows are held back where there can be such: behind a gap between the
     * numbers of a key, else always. With a `timestamp-column` the difference between clocks counts as well, with a replica
     * its delay. PostgreSQL's running transactions are looked at, too, so that there longer ones don't matter once they have
     * written something.
     */
    @WithDefault("10s")
    Duration lateCommits();

    /** Most rows of one query; fewer when rows are long. */
    @UpstreamKey({"connectorConfig.batchMaxRows", "connectorConfig.snapshotFetchSize"})
    @WithDefault("1000")
    int chunkSize();

    /** How long to wait until a table is asked again that had nothing new; up to a tenth more or less by chance. */
    @WithDefault("1s")
    Duration interval();

    /** How often to look for new tables that fit a pattern. */
    @WithDefault("1m")
    Duration discoveryInterval();

    /**
     * `type` of the events; as `source`, `subject` and `topic` it may have placeholders: `{table}` for schema and name of the
     * table, or a JSON pointer to a column, `{/country}`. A row that lacks it becomes a dead letter unless there is a default,
     * `{/country|none}`.
     */
    @WithDefault("dev.emc.jdbc.row")
    String type();

    /** `source` of the events; by default `emc:` and the worker's name. */
    Optional<String> source();

    /** `subject` of the events; by default the key, with commas between its columns. */
    Optional<String> subject();

    /** Mesh topic of the events, such as `rows-{table}`; by default `mesh.topic`. */
    Optional<String> topic();

    /** How rows are found. */
    enum Mode {
        QUERY
    }

    /** Where to begin. */
    enum Start {
        FIRST, NOW, VALUE
    }
}
