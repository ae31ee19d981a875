package dev.emc.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Types of columns that rows can be ordered by, each with values that survive the way through a registry exactly. */
enum KeyType {

    /** {@link BigInteger} */
    INTEGER,
    /** {@link BigDecimal} */
    DECIMAL,
    /** {@link String}, ordered as the database orders it. */
    TEXT,
    /** {@link java.util.UUID}, or a string where the driver knows none. */
    UUID,
    /** {@code byte[]} */
    BYTES,
    /** A moment: {@link OffsetDateTime} in UTC. */
    INSTANT,
    /** {@link LocalDateTime} in a zone that the database doesn't know. */
    LOCAL_TIMESTAMP,
    /** {@link LocalDate} */
    DATE;

    private static final Set<String> POSTGRES_TEXTS = Set.of("text", "varchar", "bpchar", "name", "citext");

    /** The type of a column; empty when rows can't be ordered by it. */
    static Optional<KeyType> of(Vendor vendor, ResultSetMetaData columns, int index) throws SQLException {
        String name = columns.getColumnTypeName(index).toLowerCase(Locale.ROOT);
        if (name.equals("uuid")) {
            return Optional.of(UUID);
        }
        return switch (columns.getColumnType(index)) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Optional.of(INTEGER);
            case Types.NUMERIC, Types.DECIMAL -> Optional.of(DECIMAL);
            case Types.BINARY, Types.VARBINARY -> Optional.of(BYTES);
            case Types.DATE -> Optional.of(DATE).filter(date -> !name.equals("year"));
            case Types.TIMESTAMP_WITH_TIMEZONE -> Optional.of(INSTANT);
            case Types.TIMESTAMP -> Optional.of(
                    name.equals("timestamptz") || isMySql(vendor) && name.equals("timestamp") ? INSTANT : LOCAL_TIMESTAMP);
            case Types.CHAR, Types.VARCHAR, Types.NCHAR, Types.NVARCHAR, Types.LONGVARCHAR, Types.OTHER -> text(vendor, name);
            default -> Optional.empty();
        };
    }

    private static boolean isMySql(Vendor vendor) {
        return vendor == Vendor.MARIADB || vendor == Vendor.MYSQL;
    }

    private static Optional<KeyType> text(Vendor vendor, String name) {
        boolean isText = switch (vendor) {
            case POSTGRESQL -> POSTGRES_TEXTS.contains(name);
            case MARIADB, MYSQL -> name.contains("char") || name.contains("text");
            case H2 -> name.startsWith("char");
        };
        return isText ? Optional.of(TEXT) : Optional.empty();
    }

    boolean isTimestamp() {
        return this == INSTANT || this == LOCAL_TIMESTAMP;
    }

    /** The value of a row; null for null. */
    Object read(Vendor vendor, ResultSet row, int index) throws SQLException {
        return switch (this) {
            case INTEGER -> {
                BigDecimal number = row.getBigDecimal(index);
                yield number == null ? null : number.toBigIntegerExact();
            }
            case DECIMAL -> row.getBigDecimal(index);
            case TEXT -> row.getString(index);
            case UUID -> isMySql(vendor) ? row.getString(index) : row.getObject(index, java.util.UUID.class);
            case BYTES -> row.getBytes(index);
            case INSTANT -> instant(vendor, row, index);
            case LOCAL_TIMESTAMP -> row.getObject(index, LocalDateTime.class);
            case DATE -> row.getObject(index, LocalDate.class);
        };
    }

    /** The sessions with MariaDB and MySQL are in UTC. */
    private static OffsetDateTime instant(Vendor vendor, ResultSet row, int index) throws SQLException {
        if (isMySql(vendor)) {
            LocalDateTime utc = row.getObject(index, LocalDateTime.class);
            return utc == null ? null : utc.atOffset(ZoneOffset.UTC);
        }
        OffsetDateTime time = row.getObject(index, OffsetDateTime.class);
        // PostgreSQL's infinities have offsets of their own, by which the driver knows them again
        return time == null || time.equals(OffsetDateTime.MIN) || time.equals(OffsetDateTime.MAX)
                ? time
                : time.withOffsetSameInstant(ZoneOffset.UTC);
    }

    /** Sets a parameter, in a type with which the database uses an index of the column. */
    void bind(Vendor vendor, PreparedStatement statement, int index, Object value) throws SQLException {
        switch (this) {
            case INTEGER -> {
                BigInteger number = (BigInteger) value;
                if (number.bitLength() < Long.SIZE) {
                    statement.setLong(index, number.longValue());
                } else {
                    statement.setBigDecimal(index, new BigDecimal(number));
                }
            }
            case DECIMAL -> statement.setBigDecimal(index, (BigDecimal) value);
            case TEXT -> statement.setString(index, (String) value);
            case BYTES -> statement.setBytes(index, (byte[]) value);
            case INSTANT -> statement.setObject(index,
                    isMySql(vendor) ? ((OffsetDateTime) value).toLocalDateTime() : value);
            default -> statement.setObject(index, value);
        }
    }

    /** The value for a registry, and for ids. */
    Object toOffset(Object value) {
        return switch (this) {
            case INTEGER -> {
                BigInteger number = (BigInteger) value;
                yield number.bitLength() < Long.SIZE ? (Object) number.longValue() : number.toString();
            }
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case BYTES -> HexFormat.of().formatHex((byte[]) value);
            default -> value.toString();
        };
    }

    /**
     * The value that {@link #toOffset} was given, or a user has written.
     *
     * @throws IllegalArgumentException when it can't be one; the message says what is expected, as in "is not …"
     */
    Object parse(Vendor vendor, String text) {
        try {
            return switch (this) {
                case INTEGER -> new BigInteger(text);
                case DECIMAL -> new BigDecimal(text);
                case TEXT -> text;
                case UUID -> {
                    java.util.UUID uuid = java.util.UUID.fromString(text);
                    yield isMySql(vendor) ? text : uuid;
                }
                case BYTES -> HexFormat.of().parseHex(text);
                case INSTANT -> OffsetDateTime.parse(text);
                case LOCAL_TIMESTAMP -> LocalDateTime.parse(text);
                case DATE -> LocalDate.parse(text);
            };
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new IllegalArgumentException("is not " + expected(), e);
        }
    }

    private String expected() {
        return switch (this) {
            case INTEGER -> "a whole number";
            case DECIMAL -> "a number";
            case TEXT -> "a text";
            case UUID -> "a UUID";
            case BYTES -> "bytes in hexadecimal digits";
            case INSTANT -> "a time with an offset such as 2026-01-31T12:00:00Z";
            case LOCAL_TIMESTAMP -> "a time without an offset such as 2026-01-31T12:00:00";
            case DATE -> "a date such as 2026-01-31";
        };
    }
}
