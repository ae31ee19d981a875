package dev.emc.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.emc.jdbc.Column.Kind;

/** H2. */
final class H2Dialect extends Dialect {

    H2Dialect() {
        super('"');
    }

    @Override
    Sql insertNew(Table table, List<Column> columns, List<Column> key) {
        String values = columns.stream().map(this::placeholder).collect(Collectors.joining(", "));
        return new Sql("INSERT INTO " + quote(table.name()) + " (" + names(columns) + ")" + overriding(columns)
                + " SELECT " + values
                + " WHERE NOT EXISTS (SELECT 1 FROM " + quote(table.name()) + " WHERE " + where(key) + ")",
                Stream.concat(columns.stream(), key.stream()).toList());
    }

    @Override
    String overriding(List<Column> columns) {
        boolean numbered = columns.stream().anyMatch(column -> column.fill() == Column.Fill.AUTOMATIC);
        return numbered ? " OVERRIDING SYSTEM VALUE" : "";
    }

    @Override
    String upsert(Table table, List<Column> columns, List<Column> key) {
        return "MERGE INTO " + quote(table.name()) + " (" + names(columns) + ") KEY (" + names(key) + ") VALUES ("
                + columns.stream().map(this::placeholder).collect(Collectors.joining(", ")) + ")";
    }

    @Override
    String placeholder(Column column) {
        return column.kind() == Kind.JSON ? "? FORMAT JSON" : "?";
    }

    @Override
    Column column(String name, int type, String typeName, int size, int scale, boolean nullable, Column.Fill fill) {
        if (type == Types.ARRAY) {
            String inner = typeName.replaceFirst(" ARRAY(\\[[0-9]+\\])?$", "");
            Column element = column(name, elementType(inner), inner, 0, 0, true, Column.Fill.GIVEN);
            return new Column(name, Kind.ARRAY, typeName, 0, 0, element, nullable, fill);
        }
        Kind kind = typeName.equals("UUID") ? Kind.UUID : typeName.equals("JSON") ? Kind.JSON : switch (type) {
            case Types.BOOLEAN -> Kind.BOOLEAN;
            case Types.TINYINT -> Kind.BYTE;
            case Types.SMALLINT -> Kind.SHORT;
            case Types.INTEGER -> Kind.INTEGER;
            case Types.BIGINT -> Kind.LONG;
            case Types.NUMERIC, Types.DECIMAL -> Kind.DECIMAL;
            case Types.REAL -> Kind.FLOAT;
            case Types.DOUBLE, Types.FLOAT -> typeName.equals("DECFLOAT") ? Kind.DECIMAL : Kind.DOUBLE;
            case Types.CHAR, Types.VARCHAR, Types.CLOB, Types.LONGVARCHAR -> Kind.TEXT;
            case Types.DATE -> Kind.DATE;
            case Types.TIME -> Kind.TIME;
            case Types.TIME_WITH_TIMEZONE -> Kind.TIME_ZONED;
            case Types.TIMESTAMP -> Kind.TIMESTAMP;
            case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.TIMESTAMP_ZONED;
            case Types.BINARY, Types.VARBINARY, Types.BLOB, Types.LONGVARBINARY -> Kind.BINARY;
            default -> Kind.OTHER;
        };
        boolean limited = kind == Kind.TEXT || kind == Kind.BINARY || kind == Kind.DECIMAL && !typeName.equals("DECFLOAT");
        return new Column(name, kind, typeName, limited ? size : 0, scale, null, nullable, fill);
    }

    /** The driver names the type of elements, and doesn't number it. */
    private static int elementType(String name) {
        return switch (name.replaceFirst("\\(.*", "")) {
            case "BOOLEAN" -> Types.BOOLEAN;
            case "TINYINT" -> Types.TINYINT;
            case "SMALLINT" -> Types.SMALLINT;
            case "INTEGER" -> Types.INTEGER;
            case "BIGINT" -> Types.BIGINT;
            case "REAL" -> Types.REAL;
            case "DOUBLE PRECISION" -> Types.DOUBLE;
            case "CHARACTER VARYING", "CHARACTER" -> Types.VARCHAR;
            default -> Types.OTHER;
        };
    }

    @Override
    void bind(PreparedStatement statement, int index, Column column, Object value) throws SQLException {
        if (value != null && column.kind() == Kind.ARRAY) {
            statement.setArray(index,
                    statement.getConnection().createArrayOf(column.element().typeName(), array((List<?>) value)));
        } else {
            super.bind(statement, index, column, value);
        }
    }

    private static Object[] array(List<?> elements) {
        return elements.stream().map(element -> element instanceof List<?> nested ? array(nested) : element).toArray();
    }

    @Override
    int nullType(Column column) {
        return Types.NULL;
    }

    @Override
    String type(NewType type) {
        return switch (type) {
            case KEY_TEXT, TEXT -> "varchar";
            case INTEGER -> "bigint";
            case DECIMAL -> "decfloat";
            case BOOLEAN -> "boolean";
            case JSON -> "json";
            case BINARY -> "blob";
            case TIME -> "timestamp(6) with time zone";
        };
    }

    @Override
    boolean isTooLong(String name) {
        return name.length() > 256;
    }
}
