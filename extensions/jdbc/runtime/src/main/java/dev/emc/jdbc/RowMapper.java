package dev.emc.jdbc;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonPointer;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.jdbc.ColumnSource.Payload;
import dev.emc.jdbc.Dialect.NewType;
import dev.emc.kit.Template;

/** Finds out what an event wants done to which table, before that table is looked at. */
final class RowMapper {

    /**
     * What an event wants done.
     *
     * @param delete whether its row is to be deleted
     * @param fields values by the names of the payload's fields
     * @param mapped values by the names of columns that the configuration gives
     */
    record Change(ConnectorRecord event, TableName table, boolean delete, Map<String, Object> fields,
            Map<String, Object> mapped) {}

    private final JdbcSinkConfig config;
    private final Template table;
    private final JsonPointer row;
    private final JsonPointer deleteRow;
    private final Optional<Condition> deleteWhen;
    private final Map<String, ColumnSource> columns = new LinkedHashMap<>();
    private final TableName constant;

    /** @throws IllegalArgumentException when the configuration is wrong; {@link JdbcSinkRules} says how */
    RowMapper(JdbcSinkConfig config) {
        this.config = config;
        this.table = Template.parse(config.table());
        this.row = JsonPointer.compile(config.row().orElse(""));
        this.deleteRow = config.deleteRow().map(JsonPointer::compile).orElse(row);
        this.deleteWhen = config.deleteWhen().map(Condition::parse);
        config.columns().forEach((column, source) -> columns.put(column, ColumnSource.parse(source)));
        this.constant = TableName.constant(table);
    }

    /** The one table of all events; empty when each has its own. */
    Optional<TableName> constantTable() {
        return Optional.ofNullable(constant);
    }

    /** The type of a column of {@code connector.columns} that isn't there yet. */
    NewType mappedType(String column, Object value) {
        return columns.get(column).type(value);
    }

    /** The type of a column that is made for a value. */
    static NewType newType(Object value) {
        if (value instanceof BigDecimal) {
            return NewType.DECIMAL;
        }
        if (value instanceof Number) {
            return NewType.INTEGER;
        }
        if (value instanceof Boolean) {
            return NewType.BOOLEAN;
        }
        return value instanceof Json ? NewType.JSON : value instanceof java.time.Instant ? NewType.TIME : NewType.TEXT;
    }

    /** @throws PermanentException when the event has nothing that could be a row */
    Change map(ConnectorRecord event) throws PermanentException {
        Payload payload = new Payload(event);
        TableName target = constant != null ? constant : TableName.of(table, event);
        boolean asked = config.deletes() && deleteWhen.isPresent() && deleteWhen.get().holds(event);
        boolean delete = config.mode() == JdbcSinkConfig.Mode.DELETE || asked;
        Map<String, Object> fields = Map.of();
        if (config.fields() == JdbcSinkConfig.Fields.ALL) {
            Object found = payload.at(delete ? deleteRow : row);
            if (!delete && isNothing(found)) {
                delete = absent(event);
                found = payload.at(deleteRow);
            }
            fields = fields(event, delete, found);
        } else if (!delete && config.deletes() && event.data() == null) {
            delete = true;
        }
        Map<String, Object> mapped = new LinkedHashMap<>();
        for (Map.Entry<String, ColumnSource> column : columns.entrySet()) {
            Object value = column.getValue().value(event, payload);
            if (value != null) {
                mapped.put(column.getKey(), value);
            }
        }
        return new Change(event, target, delete, fields, mapped);
    }

    private static boolean isNothing(Object value) {
        return value == null || value == Json.NULL;
    }

    /** An event without a row deletes one, or is an error. */
    private boolean absent(ConnectorRecord event) throws PermanentException {
        if (config.deletes()) {
            return true;
        }
        throw new PermanentException("Event '" + event.id() + "' has no row" + config.row().map(at -> " at " + at).orElse("")
                + "; with connector.deletes such an event deletes one, with connector.fields: none only connector.columns are"
                + " written.");
    }

    private Map<String, Object> fields(ConnectorRecord event, boolean delete, Object found) throws PermanentException {
        if (found instanceof Json json && !json.isArray()) {
            return json.fields();
        }
        if (delete && isNothing(found)) {
            return Map.of(); // the key comes from the attributes
        }
        throw new PermanentException("The payload of event '" + event.id() + "' is no JSON object"
                + config.row().map(at -> " at " + at).orElse("")
                + ", so it has no fields for columns; connector.columns with connector.fields: none writes any payload.");
    }

    /** Such as {@code {type}=order.deleted}. */
    record Condition(Template left, String right) {

        /** @throws IllegalArgumentException when it is none */
        static Condition parse(String text) {
            int equals = text.indexOf('=', text.lastIndexOf('}') + 1);
            if (equals < 0) {
                throw new IllegalArgumentException("has no \"=\" after a placeholder, as in {type}=order.deleted");
            }
            return new Condition(Template.parse(text.substring(0, equals).strip()), text.substring(equals + 1).strip());
        }

        /** An event that has nothing to compare isn't meant. */
        boolean holds(ConnectorRecord event) {
            try {
                return left.apply(event).equals(right);
            } catch (PermanentException nothingThere) {
                return false;
            }
        }
    }
}
