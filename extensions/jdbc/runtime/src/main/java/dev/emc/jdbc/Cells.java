package dev.emc.jdbc;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;

import dev.emc.jdbc.RowJson.Cell;
import dev.emc.jdbc.RowJson.NumberText;
import dev.emc.jdbc.RowJson.RawJson;

/** How the values of each type become JSON: numbers exact, times in ISO 8601, bytes in base64, JSON as it is. */
final class Cells {

    private static final JsonFactory FACTORY = JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(900).maxStringLength(Integer.MAX_VALUE).maxNumberLength(Integer.MAX_VALUE).build()).build();

    private Cells() {}

    /** Reads one column. */
    static Cell of(Vendor vendor, ResultSetMetaData columns, int index) throws SQLException {
        String typeName = columns.getColumnTypeName(index);
        return switch (vendor) {
            case POSTGRESQL -> (row, column) -> {
                String text = row.getString(column);
                return text == null ? null : PostgresText.value(typeName, text);
            };
            case MARIADB, MYSQL -> mySql(columns, index, typeName.toUpperCase(Locale.ROOT));
            case H2 -> h2(columns.getColumnType(index), typeName);
        };
    }

    private static Cell mySql(ResultSetMetaData columns, int index, String name) throws SQLException {
        switch (name) {
            case "JSON" :
                return (row, column) -> json(row.getString(column));
            case "YEAR" :
                return (row, column) -> number(row.getString(column));
            case "BIT" :
                return columns.getPrecision(index) == 1 ? Cells::truth : Cells::bits;
            default :
        }
        int digits = columns.getScale(index);
        return switch (columns.getColumnType(index)) {
            case Types.TIME -> (row, column) -> time(row.getString(column), digits, "");
            case Types.TIMESTAMP -> {
                String zone = name.equals("TIMESTAMP") ? "Z" : "";
                yield (row, column) -> time(row.getString(column), digits, zone);
            }
            case Types.BIT, Types.BOOLEAN -> Cells::truth;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> Cells::base64;
            case Types.DECIMAL, Types.NUMERIC -> (row, column) -> decimal(row.getBigDecimal(column));
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.FLOAT, Types.DOUBLE ->
                (row, column) -> of(row.getObject(column));
            default -> ResultSet::getString;
        };
    }

    /** The driver fills up some times with zeros. */
    private static Object time(String text, int digits, String zone) {
        if (text == null) {
            return null;
        }
        int dot = text.indexOf('.');
        int end = dot > 0 && digits > 0 ? Math.min(text.length(), dot + 1 + digits) : text.length();
        return text.substring(0, end).replace(' ', 'T') + zone;
    }

    private static Object number(String text) {
        return text == null ? null : new NumberText(new BigDecimal(text).toPlainString());
    }

    private static Object truth(ResultSet row, int column) throws SQLException {
        boolean truth = row.getBoolean(column);
        return row.wasNull() ? null : (Object) truth;
    }

    private static Cell h2(int type, String name) {
        if (name.equals("JSON")) {
            return (row, column) -> json(row.getString(column));
        }
        if (name.equals("UUID")) {
            return ResultSet::getString;
        }
        return switch (type) {
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> Cells::base64;
            case Types.DATE -> (row, column) -> of(row.getObject(column, LocalDate.class));
            case Types.TIME -> (row, column) -> of(row.getObject(column, LocalTime.class));
            case Types.TIME_WITH_TIMEZONE -> (row, column) -> of(row.getObject(column, OffsetTime.class));
            case Types.TIMESTAMP -> (row, column) -> of(row.getObject(column, LocalDateTime.class));
            case Types.TIMESTAMP_WITH_TIMEZONE -> (row, column) -> of(row.getObject(column, OffsetDateTime.class));
            case Types.ARRAY -> (row, column) -> {
                Array array = row.getArray(column);
                return array == null ? null : list((Object[]) array.getArray());
            };
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.FLOAT, Types.DOUBLE,
                    Types.DECIMAL, Types.NUMERIC, Types.BOOLEAN ->
                (row, column) -> of(row.getObject(column));
            default -> ResultSet::getString;
        };
    }

    /** A value as the driver has it. */
    private static Object of(Object value) throws SQLException {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof BigDecimal decimal) {
            return decimal(decimal);
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? new NumberText(value.toString()) : value.toString();
        }
        if (value instanceof Number) {
            return new NumberText(value.toString());
        }
        if (value instanceof LocalDateTime time) {
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        }
        if (value instanceof OffsetDateTime time) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC));
        }
        if (value instanceof LocalTime time) {
            return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
        }
        if (value instanceof OffsetTime time) {
            return DateTimeFormatter.ISO_OFFSET_TIME.format(time);
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof Array array) {
            return list((Object[]) array.getArray());
        }
        return value instanceof Object[] elements ? list(elements) : value.toString();
    }

    private static List<Object> list(Object[] elements) throws SQLException {
        List<Object> list = new ArrayList<>(elements.length);
        for (Object element : elements) {
            list.add(of(element));
        }
        return list;
    }

    private static Object decimal(BigDecimal number) {
        return number == null ? null : new NumberText(number.toPlainString());
    }

    private static Object base64(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    private static Object bits(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? null : new NumberText(new BigInteger(1, bytes).toString());
    }

    /** JSON that the database doesn't vouch for: MariaDB's is text with a check, which can be switched off. */
    private static Object json(String text) throws IOException {
        if (text == null) {
            return null;
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new IOException("it is empty, which is no JSON");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new IOException("it is more than one JSON value");
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IOException("it is no JSON", e);
        }
        return new RawJson(text);
    }
}
