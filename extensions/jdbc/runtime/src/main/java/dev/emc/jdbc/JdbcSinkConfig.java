package dev.emc.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.UpstreamDefault;
import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;

/** Keys of the JDBC sink. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
@UpstreamIgnored(key = "connectorConfig.jdbcConfig.hostname", because = "the host is part of connector.url")
@UpstreamIgnored(key = "connectorConfig.jdbcConfig.port", because = "the port is part of connector.url")
@UpstreamIgnored(key = "connectorConfig.jdbcConfig.databaseName", because = "the database is part of connector.url")
@UpstreamIgnored(key = "connectorConfig.jdbcConfig.connectTimeout", because = "connector.connect-timeout has a unit: 10s")
@UpstreamIgnored(key = "supportUpsert", because = "connector.mode says how rows are written: upsert, or update and insert alone")
public interface JdbcSinkConfig extends JdbcConnectionConfig {

    /**
     * Table to write to: `orders`, `sales.orders`, or with placeholders that each event fills in: `{type}`, `{subject}`,
     * `{topic}`, any other attribute, or a JSON pointer into the payload such as `{/table}`. A value is one name, whatever is
     * in it, and is always quoted. The case of letters counts only when there are tables that differ in nothing else.
     */
    @UpstreamDefault("{/payload/source/tableName}")
    String table();

    /**
     * What an event does: `upsert` adds its row, or changes the one with its key; `insert` adds it, and is an error when
     * there is one with its key; `insert-new` adds it unless there is one with its key; `update` changes the one with its key,
     * and is an error when there is none; `delete` deletes the one with its key. All but `insert` do no harm a second time.
     * MariaDB and MySQL look at every unique index, not only at the key, for `upsert` and `insert-new`.
     */
    @WithDefault("upsert")
    Mode mode();

    /** Columns that tell rows apart; the primary key of the table when not set. A unique index on them is needed. */
    Optional<List<String>> key();

    /**
     * Where the row is in the payload: a JSON pointer to an object, such as `/after`; the payload itself when not set.
     */
    @UpstreamDefault("/payload/dataChanges/after")
    Optional<String> row();

    /** `all`: each field of the row goes to the column of its name. `none`: only what `connector.columns` names is written. */
    @WithDefault("all")
    Fields fields();

    /**
     * Where columns get their values from, beside the fields of the row: a JSON pointer into the payload (`/customer/id`), an
     * attribute of the event (`{id}`, `{time}`, `{topic}`), `{data}` for the payload as it is, `{cloudevent}` for the whole
     * event as CloudEvents JSON, or text with such placeholders in it (`{source}#{id}`). Quote the values in YAML.
     */
    Map<String, String> columns();

    /**
     * What to do with a field that the table has no column for: `fail` makes the event a dead letter; `ignore` leaves the field
     * out; `column` collects all such fields as one JSON object in `connector.unknown-fields-column`.
     */
    @WithDefault("fail")
    UnknownFields unknownFields();

    /** Column for the fields that have none, with `connector.unknown-fields: column`. */
    Optional<String> unknownFieldsColumn();

    /**
     * What a column gets that an event has no value for: `default` leaves it to the database, its default in a new row and what
     * it was in a row that is changed; `null` sets it to null.
     */
    @WithDefault("default")
    MissingFields missingFields();

    /**
     * Whether an event that has no row deletes the one with its key: one without a payload, one where `connector.row` leads to
     * nothing or to null, or one that `connector.delete-when` picks. Otherwise such an event becomes a dead letter.
     */
    @WithDefault("false")
    @UpstreamKey("supportDelete")
    @UpstreamDefault("true")
    boolean deletes();

    /** Which events delete the row of their key, with `connector.deletes`: `{type}=order.deleted`, or `{/op}=d`. */
    Optional<String> deleteWhen();

    /** Where the key of a row to delete is in the payload: a JSON pointer such as `/before`; as `connector.row` when not set. */
    @UpstreamDefault("/payload/dataChanges/before")
    Optional<String> deleteRow();

    /**
     * Whether the sink may change tables: `none`; `create` makes a table that is missing, with columns as the first event has
     * them and `connector.key` as its primary key; `evolve` does, and adds a column that can be null for each field that has none.
     * The user of the database needs the right to do so.
     */
    @WithDefault("none")
    SchemaChange schema();

    /** Unit of numbers that go to a column of dates or times, counted from 1970; without it such a number is an error. */
    @WithDefault("none")
    Epoch epoch();

    /**
     * Time zone of times without an offset that go to a column with one, and of columns without one that get times with an
     * offset: `UTC` or a name such as `Europe/Berlin`.
     */
    @WithDefault("UTC")
    String timezone();

    /** What an event does to a table. */
    enum Mode {
        UPSERT, INSERT, INSERT_NEW, UPDATE, DELETE
    }

    /** Which fields of the row are written. */
    enum Fields {
        ALL, NONE
    }

    /** What to do with a field without a column. */
    enum UnknownFields {
        FAIL, IGNORE, COLUMN
    }

    /** What a column gets without a field. */
    enum MissingFields {
        DEFAULT, NULL
    }

    /** Whether tables may be changed. */
    enum SchemaChange {
        NONE, CREATE, EVOLVE
    }

    /** Unit of numbers that are times. */
    enum Epoch {
        NONE, SECONDS, MILLIS, MICROS
    }
}
