package dev.emc.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

import dev.emc.jdbc.Column.Kind;

/** PostgreSQL, and what speaks like it. */
final class PostgresDialect extends Dialect {

    /** What the driver gives as the size of a number or text without a limit. */
    private static final int NUMERIC_UNLIMITED = 131_089;

    /** The driver gives a scale below zero as eleven bits without their sign. */
    private static final int MOST_SCALE = 1000;
    private static final int NEGATIVE_SCALE = 2048;
    private static final int NAME_LENGTH = 63;

    PostgresDialect() {
        super('"');
    }

    @Override
    Sql insertNew(Table table, List<Column> columns, List<Column> key) {
        String target = key.isEmpty() ? "" : " (" + names(key) + ")";
        return new Sql(insert(table, columns) + " ON CONFLICT" + target + " DO NOTHING", columns);
    }

    @Override
    String overriding(List<Column> columns) {
        boolean numbered = columns.stream().anyMatch(column -> column.fill() == Column.Fill.AUTOMATIC);
        return numbered ? " OVERRIDING SYSTEM VALUE" : "";
    }

    @Override
    String upsert(Table table, List<Column> columns, List<Column> key) {
        List<Column> changed = without(columns, key);
        String action = changed.isEmpty()
                ? "NOTHING"
                : "UPDATE SET " + changed.stream().map(column -> quote(column.name()) + " = EXCLUDED." + quote(column.name()))
                        .collect(Collectors.joining(", "));
        return insert(table, columns) + " ON CONFLICT (" + names(key) + ") DO " + action;
    }

    @Override
    Column column(String name, int type, String typeName, int size, int scale, boolean nullable, Column.Fill fill) {
        if (typeName.startsWith("_")) {
            Column element = column(name, Types.OTHER, typeName.substring(1), 0, 0, true, Column.Fill.GIVEN);
            return new Column(name, Kind.ARRAY, element.typeName() + "[]", 0, 0, element, nullable, fill);
        }
        Kind kind = switch (typeName) {
            case "bool" -> Kind.BOOLEAN;
            case "int2", "smallserial" -> Kind.SHORT;
            case "int4", "serial" -> Kind.INTEGER;
            case "int8", "bigserial" -> Kind.LONG;
            case "numeric" -> Kind.DECIMAL;
            case "float4" -> Kind.FLOAT;
            case "float8" -> Kind.DOUBLE;
            case "text", "varchar", "bpchar", "name", "citext" -> Kind.TEXT;
            case "date" -> Kind.DATE;
            case "time" -> Kind.TIME;
            case "timetz" -> Kind.TIME_ZONED;
            case "timestamp" -> Kind.TIMESTAMP;
            case "timestamptz" -> Kind.TIMESTAMP_ZONED;
            case "bytea" -> Kind.BINARY;
            case "uuid" -> Kind.UUID;
            case "json", "jsonb" -> Kind.JSON;
            default -> Kind.OTHER;
        };
        if (typeName.equals("name")) {
            return new Column(name, kind, typeName, NAME_LENGTH, 0, null, nullable, fill);
        }
        boolean limited = kind == Kind.DECIMAL
                ? size != NUMERIC_UNLIMITED
                : typeName.equals("varchar") || typeName.equals("bpchar");
        return new Column(name, kind, typeName, limited && size != Integer.MAX_VALUE ? size : 0,
                kind == Kind.DECIMAL && scale > MOST_SCALE ? scale - NEGATIVE_SCALE : scale, null, nullable, fill);
    }

    @Override
    void bind(PreparedStatement statement, int index, Column column, Object value) throws SQLException {
        if (value != null && column.kind() == Kind.ARRAY) {
            statement.setObject(index, literal((List<?>) value), Types.OTHER);
        } else if (value != null && (column.kind() == Kind.JSON || column.kind() == Kind.OTHER)) {
            statement.setObject(index, value, Types.OTHER); // the server finds out what it is
        } else if (value instanceof Double && column.kind() == Kind.DECIMAL) {
            statement.setObject(index, value.toString(), Types.OTHER); // no number, which a BigDecimal can't be
        } else {
            super.bind(statement, index, column, value);
        }
    }

    @Override
    int nullType(Column column) {
        return column.kind() == Kind.JSON ? Types.OTHER : super.nullType(column);
    }

    /** An array as PostgreSQL writes it. */
    private static String literal(List<?> elements) {
        StringBuilder text = new StringBuilder("{");
        for (Object element : elements) {
            text.append(text.length() == 1 ? "" : ",");
            if (element == null) {
                text.append("NULL");
            } else if (element instanceof List<?> nested) {
                text.append(literal(nested));
            } else if (element instanceof byte[] bytes) {
                text.append("\"\\\\x").append(HexFormat.of().formatHex(bytes)).append('"');
            } else {
                String plain = element instanceof Temporal time ? text(time) : element.toString();
                text.append('"').append(plain.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
            }
        }
        return text.append('}').toString();
    }

    /** A time as PostgreSQL writes it. */
    private static String text(Temporal time) {
        if (time.equals(LocalDate.MAX) || time.equals(LocalDateTime.MAX) || time.equals(OffsetDateTime.MAX)) {
            return "infinity";
        }
        if (time.equals(LocalDate.MIN) || time.equals(LocalDateTime.MIN) || time.equals(OffsetDateTime.MIN)) {
            return "-infinity";
        }
        if (time.equals(LocalTime.MAX)) {
            return "24:00:00";
        }
        String iso = time.toString();
        boolean before = time.isSupported(ChronoField.YEAR) && time.get(ChronoField.YEAR) <= 0;
        if (!before) {
            return iso.startsWith("+") ? iso.substring(1) : iso;
        }
        return "%04d".formatted(time.get(ChronoField.YEAR_OF_ERA)) + iso.substring(iso.indexOf('-', 1)) + " BC";
    }

    @Override
    String type(NewType type) {
        return switch (type) {
            case KEY_TEXT, TEXT -> "text";
            case INTEGER -> "bigint";
            case DECIMAL -> "numeric";
            case BOOLEAN -> "boolean";
            case JSON -> "jsonb";
            case BINARY -> "bytea";
            case TIME -> "timestamptz";
        };
    }

    /** It would be cut off without an error. */
    @Override
    boolean isTooLong(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length > NAME_LENGTH;
    }
}
