package dev.emc.jdbc;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.jdbc.JdbcSinkConfig.MissingFields;
import dev.emc.jdbc.JdbcSinkConfig.Mode;
import dev.emc.jdbc.JdbcSinkConfig.SchemaChange;
import dev.emc.jdbc.RowMapper.Change;
import dev.emc.jdbc.Shape.Row;

/** Makes rows of changes: finds their tables and columns in the database, and converts the values to the columns' types. */
final class RowBuilder {

    private static final Object ABSENT = new Object();
    /** Templates can make any number of tables; so much is remembered of them. */
    private static final int MOST_SHAPES = 10_000;

    private final JdbcSinkConfig config;
    private final RowMapper mapper;
    private final Dialect dialect;
    private final Tables tables;
    private final Values values;
    private final SchemaChanges changes;
    private final Map<ShapeKey, Shape> shapes = new HashMap<>();
    private final Map<Table, List<Column>> keys = new HashMap<>();

    private record ShapeKey(Table table, Mode mode, BitSet present) {}

    /** Longest row in bytes. */
    private final long longest;

    RowBuilder(JdbcSinkConfig config, RowMapper mapper, Vendor vendor, Connection connection) throws SQLException {
        this.config = config;
        this.mapper = mapper;
        this.dialect = Dialect.of(vendor);
        this.tables = new Tables(vendor, dialect);
        this.values = new Values(vendor, new Times(JdbcSinkRules.zone(config.timezone()), config.epoch()));
        this.changes = new SchemaChanges(config, mapper, dialect);
        this.longest = dialect.longestRow(connection);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Forgets what was known of the database. */
    void forget() {
        tables.forget();
        shapes.clear();
        keys.clear();
    }

    /**
     * Makes the row of a change; creates and changes tables where that is wanted.
     *
     * @throws PermanentException when the event can't be a row of its table
     * @throws FatalException when no event can
     */
    Row row(Connection connection, Change change) throws SQLException, ConnectorException {
        Table table = table(connection, change);
        Mode mode = change.delete() ? Mode.DELETE : config.mode();
        List<Column> key = keyOf(connection, table);
        try {
            Object[] found = new Object[table.columns().size()];
            java.util.Arrays.fill(found, ABSENT);
            BitSet present = new BitSet();
            collect(change, table, mode, key, found, present);
            return finish(change, table, mode, key, found, present);
        } catch (PermanentException e) {
            throw new PermanentException("Event '" + change.event().id() + "' is no row of table " + table.name() + ": "
                    + e.getMessage(), e);
        }
    }

    private Row finish(Change change, Table table, Mode mode, List<Column> key, Object[] found, BitSet present)
            throws PermanentException {
        List<Object> identity = identity(table, mode, key, found);
        if (present.isEmpty()) {
            throw new PermanentException("it has no value for any column");
        }
        Shape shape = shape(table, mode, key, present);
        Object[] bound = new Object[shape.places().length];
        long size = 0;
        for (int i = 0; i < bound.length; i++) {
            bound[i] = found[shape.places()[i]];
            size += Values.mostBytes(bound[i]);
        }
        if (size > longest) {
            checkLength(bound);
        }
        return new Row(change.event(), shape, bound, identity);
    }

    /** The server would close the connection on a row that is too long, and it would come again for ever. */
    private void checkLength(Object[] bound) throws PermanentException {
        long size = java.util.Arrays.stream(bound).mapToLong(Values::bytes).sum();
        if (size > longest) {
            throw new PermanentException("it has " + size + " bytes, and the server takes " + longest
                    + "; raise its max_allowed_packet");
        }
    }

    /** The table of a change. */
    private Table table(Connection connection, Change change) throws SQLException, ConnectorException {
        Optional<Table> there = tables.find(connection, change.table());
        if (there.isEmpty() && config.schema() != SchemaChange.NONE && !change.delete()) {
            changes.create(connection, change);
            tables.forget(change.table());
            there = tables.find(connection, change.table());
        }
        if (there.isEmpty() && mapper.constantTable().isPresent()) {
            throw new FatalException("table " + change.table() + " is not in the database any more");
        }
        Table table = there.orElseThrow(() -> new PermanentException("Event '" + change.event().id() + "' goes to table "
                + Values.excerpt(change.table().toString()) + ", which is not in the database."));
        if (config.schema() == SchemaChange.EVOLVE && !change.delete() && changes.evolve(connection, table, change)) {
            tables.forget(change.table());
            table = tables.find(connection, change.table()).orElse(table);
        }
        return table;
    }

    /** A table, if it is there and has what the configuration names. */
    Optional<Table> find(Connection connection, TableName name) throws SQLException {
        return tables.find(connection, name);
    }

    /**
     * The columns of {@code connector.key}, or the primary key.
     *
     * @throws FatalException when the table has no such columns, or they don't tell rows apart
     */
    List<Column> keyOf(Connection connection, Table table) throws SQLException, FatalException {
        List<Column> known = keys.get(table);
        if (known != null) {
            return known;
        }
        List<Column> key = new ArrayList<>();
        for (String name : config.key().orElse(table.primaryKey())) {
            Column column = table.column(name);
            if (column == null) {
                throw new FatalException("table " + table.name() + " has no column \"" + name + "\"; correct connector.key");
            }
            key.add(column);
        }
        if (config.mode() != Mode.INSERT || config.deletes()) {
            checkKey(connection, table, key);
        }
        if (keys.size() == MOST_SHAPES) {
            keys.clear();
        }
        keys.put(table, List.copyOf(key));
        return key;
    }

    private void checkKey(Connection connection, Table table, List<Column> key) throws SQLException, FatalException {
        if (key.isEmpty()) {
            throw new FatalException("table " + table.name()
                    + " has no primary key; set connector.key, or connector.mode: insert");
        }
        boolean needsIndex = config.mode() == Mode.UPSERT || config.mode() == Mode.INSERT_NEW;
        List<String> names = key.stream().map(Column::name).sorted().toList();
        if (needsIndex && !names.equals(table.primaryKey().stream().sorted().toList())
                && !tables.isUnique(connection, table, key)) {
            throw new FatalException("table " + table.name() + " has no unique index on just the columns of connector.key ("
                    + key.stream().map(Column::name).collect(Collectors.joining(", "))
                    + "); create one, or correct connector.key");
        }
    }

    private void collect(Change change, Table table, Mode mode, List<Column> key, Object[] found, BitSet present)
            throws PermanentException {
        Map<String, Object> unknown = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : change.fields().entrySet()) {
            Column column = table.column(field.getKey());
            if (column == null && field.getValue() == Json.NULL && config.schema() == SchemaChange.EVOLVE) {
                continue; // what type it is to have shows when there is a value
            }
            if (column == null || column.fill() == Column.Fill.GENERATED) {
                unknown.put(field.getKey(), field.getValue());
            } else if (mode != Mode.DELETE || key.contains(column)) {
                set(table, column, field.getValue(), found, present);
            }
        }
        for (Map.Entry<String, Object> given : change.mapped().entrySet()) {
            Column column = existing(table, given.getKey());
            if (mode != Mode.DELETE || key.contains(column)) {
                set(table, column, given.getValue(), found, present);
            }
        }
        if (mode != Mode.DELETE) {
            unknown(table, unknown, found, present);
            missing(table, found, present);
        }
    }

    private static Column existing(Table table, String name) throws PermanentException {
        Column column = table.column(name);
        if (column == null) {
            throw new PermanentException("the table has no column \"" + name + "\", which connector.columns names");
        }
        return column;
    }

    private void set(Table table, Column column, Object value, Object[] found, BitSet present) throws PermanentException {
        int index = table.place(column);
        found[index] = values.convert(column, value);
        present.set(index);
    }

    private void unknown(Table table, Map<String, Object> unknown, Object[] found, BitSet present) throws PermanentException {
        if (unknown.isEmpty()) {
            return;
        }
        switch (config.unknownFields()) {
            case IGNORE -> {
            } // as asked for
            case COLUMN -> set(table, existing(table, config.unknownFieldsColumn().orElseThrow()), new Json(
                    Json.object(unknown).getBytes(java.nio.charset.StandardCharsets.UTF_8)), found, present);
            case FAIL -> {
                String names = unknown.keySet().stream().limit(5).map(name -> "\"" + Values.excerpt(name) + "\"")
                        .collect(Collectors.joining(", "));
                throw new PermanentException("there is no column for " + names + (unknown.size() > 5 ? " and others" : "")
                        + "; connector.unknown-fields says what to do with such fields");
            }
        }
    }

    private void missing(Table table, Object[] found, BitSet present) {
        if (config.missingFields() == MissingFields.DEFAULT) {
            return;
        }
        for (int i = 0; i < found.length; i++) {
            Column column = table.columns().get(i);
            if (!present.get(i) && column.nullable() && column.fill() == Column.Fill.GIVEN) {
                found[i] = null;
                present.set(i);
            }
        }
    }

    /** What tells the row apart; null when nothing does. */
    private static List<Object> identity(Table table, Mode mode, List<Column> key, Object[] found) throws PermanentException {
        List<Object> identity = new ArrayList<>(key.size());
        for (Column column : key) {
            Object value = found[table.place(column)];
            if (value == ABSENT || value == null) {
                if (mode == Mode.INSERT) {
                    return null;
                }
                throw new PermanentException("it has no value for the key, " + column.title());
            }
            identity.add(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
        }
        return identity.isEmpty() ? null : identity;
    }

    private Shape shape(Table table, Mode mode, List<Column> key, BitSet present) {
        ShapeKey shapeKey = new ShapeKey(table, mode, present);
        Shape shape = shapes.get(shapeKey);
        if (shape == null) {
            List<Column> columns = present.stream().mapToObj(table.columns()::get).toList();
            Dialect.Sql sql = dialect.sql(mode, table, columns, key);
            shape = new Shape(table, mode, sql, sql.parameters().stream().mapToInt(table::place).toArray());
            if (shapes.size() == MOST_SHAPES) {
                shapes.clear();
            }
            shapes.put(shapeKey, shape);
        }
        return shape;
    }
}
