package dev.emc.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import dev.emc.api.PermanentException;

/**
 * Makes of what an event has what a column takes. What the column can't hold as it is (too large, more decimal places, no number
 * at all) is an error, never rounded or cut off.
 */
final class Values {

    /** Exponents beyond this are no numbers that a database has; writing them out would take gigabytes. */
    private static final int MOST_DIGITS = 200_000;

    /** Digits before and after the point of a {@code numeric} without limits of its own. */
    private static final int POSTGRES_DIGITS = 131_072;
    private static final int POSTGRES_PLACES = 16_383;
    private static final List<String> NO_NUMBERS = List.of("NaN", "Infinity", "-Infinity");

    private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final Vendor vendor;
    private final Times times;

    Values(Vendor vendor, Times times) {
        this.vendor = vendor;
        this.times = times;
    }

    /**
     * A value for a column.
     *
     * @param value a string, number, boolean, {@link Json}, {@link Instant}, byte[] or {@link Json#NULL}
     * @return null for null; else a Boolean, Byte, Short, Integer, Long, BigDecimal, Float, Double, String, a type of
     *         java.time, byte[], UUID, or for an array a List of these
     * @throws PermanentException when the column can't hold it; says which column, and what it is
     */
    Object convert(Column column, Object value) throws PermanentException {
        if (value == Json.NULL || value == null) {
            if (column.nullable()) {
                return null;
            }
            throw new PermanentException(column.title() + " can't be null");
        }
        try {
            Object special = value instanceof String text ? OddTimes.read(vendor, column.kind(), text) : null;
            if (special != null) {
                return special;
            }
            return switch (column.kind()) {
                case BOOLEAN -> bool(column, value);
                case BYTE, SHORT, INTEGER, LONG, UNSIGNED -> integer(column, value);
                case DECIMAL -> decimal(column, value);
                case FLOAT, DOUBLE -> floating(column, value);
                case TEXT -> text(column, value);
                case DATE -> times.date(value);
                case TIME -> times.time(value);
                case TIME_ZONED -> times.timeZoned(value);
                case TIMESTAMP -> times.local(value);
                case TIMESTAMP_ZONED -> times.zoned(value);
                case BINARY -> binary(column, value);
                case UUID -> UUID.fromString(string(column, value));
                case JSON -> json(column, value);
                case ARRAY -> array(column, value);
                case OTHER -> other(column, value);
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw refused(column, value, value instanceof Number
                    ? "is no time; connector.epoch says what numbers that are times count"
                    : "is no " + (column.kind() == Column.Kind.DATE ? "date" : "time") + " as ISO 8601 writes it");
        } catch (IllegalArgumentException e) {
            throw refused(column, value, "is no UUID");
        }
    }

    private static PermanentException refused(Column column, Object value, String why) {
        return new PermanentException(
                column.title() + " doesn't take " + kind(value) + " " + excerpt(plain(value)) + ": it " + why);
    }

    /** What a value is, for messages. */
    private static String kind(Object value) {
        if (value instanceof Number) {
            return "the number";
        }
        if (value instanceof Json json) {
            return json.isArray() ? "the array" : "the object";
        }
        return value instanceof Boolean ? "the boolean" : value instanceof byte[] ? "the bytes" : "the text";
    }

    /** Enough of a text to know it again. */
    static String excerpt(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /** The bytes that a converted value takes at the most on its way to the database. */
    static long mostBytes(Object value) {
        return value instanceof String text ? text.length() * 3L : bytes(value);
    }

    /** The bytes that a converted value takes on its way to the database, or a few more. */
    static long bytes(Object value) {
        if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
        return value instanceof byte[] bytes ? bytes.length : 32;
    }

    /** As text, without the quotes of JSON. */
    private static String plain(Object value) {
        if (value instanceof byte[] bytes) {
            return "(" + bytes.length + ")";
        }
        return value instanceof Json json ? json.text() : value.toString();
    }

    private static String string(Column column, Object value) throws PermanentException {
        if (value instanceof String text) {
            return text;
        }
        throw refused(column, value, "is no text");
    }

    private static Object bool(Column column, Object value) throws PermanentException {
        if (value instanceof Boolean) {
            return value;
        }
        return switch (plain(value).toLowerCase(Locale.ROOT)) {
            case "true", "1", "t", "yes", "on" -> true;
            case "false", "0", "f", "no", "off" -> false;
            default -> throw refused(column, value, "is neither true nor false");
        };
    }

    private static BigDecimal number(Column column, Object value) throws PermanentException {
        BigDecimal number;
        try {
            if (value instanceof Number || value instanceof String) {
                number = new BigDecimal(value.toString().strip());
            } else {
                throw refused(column, value, "is no number");
            }
        } catch (NumberFormatException e) {
            throw refused(column, value, "is no number");
        }
        if (Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw refused(column, value, "is out of range");
        }
        return number;
    }

    private Object integer(Column column, Object value) throws PermanentException {
        if (column.isSmallBoolean() && !(value instanceof Number)) {
            return (Boolean) bool(column, value) ? (byte) 1 : (byte) 0;
        }
        if (value instanceof Boolean flag && column.kind() == Column.Kind.BYTE) {
            return flag ? (byte) 1 : (byte) 0;
        }
        if (value instanceof Long number && column.kind() == Column.Kind.LONG) {
            return number;
        }
        BigInteger number;
        try {
            number = number(column, value).toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw refused(column, value, "is no whole number");
        }
        if (column.kind() == Column.Kind.UNSIGNED) {
            if (number.signum() < 0 || number.compareTo(max(column)) > 0) {
                throw refused(column, value, "is out of range");
            }
            return new BigDecimal(number);
        }
        int bits = switch (column.kind()) {
            case BYTE -> 8;
            case SHORT -> 16;
            case INTEGER -> column.size() > 0 && column.size() < 32 ? column.size() : 32;
            default -> 64;
        };
        if (number.bitLength() >= bits) {
            throw refused(column, value, "is out of range");
        }
        return switch (column.kind()) {
            case BYTE -> number.byteValue();
            case SHORT -> number.shortValue();
            case INTEGER -> number.intValue();
            default -> number.longValue();
        };
    }

    /** The largest number of an unsigned column, whose size is in bits. */
    private static BigInteger max(Column column) {
        return column.size() == 0 ? UNSIGNED_MAX : BigInteger.ONE.shiftLeft(column.size()).subtract(BigInteger.ONE);
    }

    private Object decimal(Column column, Object value) throws PermanentException {
        if (vendor == Vendor.POSTGRESQL && value instanceof String text && NO_NUMBERS.contains(text)) {
            return Double.valueOf(text);
        }
        BigDecimal number = number(column, value);
        if (column.size() == 0) {
            checkUnlimited(column, value, number);
            return number;
        }
        BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        if (shortest.scale() > column.scale()) {
            throw refused(column, value, "has " + shortest.scale() + " decimal places");
        }
        if (shortest.precision() - shortest.scale() > column.size() - column.scale()) {
            throw refused(column, value, "is out of range");
        }
        return number;
    }

    /** Beyond PostgreSQL's own limits its driver sends another number. */
    private void checkUnlimited(Column column, Object value, BigDecimal number) throws PermanentException {
        if (vendor == Vendor.POSTGRESQL && number.signum() != 0
                && ((long) number.precision() - number.scale() > POSTGRES_DIGITS || number.scale() > POSTGRES_PLACES)) {
            throw refused(column, value, "is out of range");
        }
    }

    private Object floating(Column column, Object value) throws PermanentException {
        if (value instanceof String text && vendor != Vendor.MARIADB && vendor != Vendor.MYSQL
                && NO_NUMBERS.contains(text)) {
            return column.kind() == Column.Kind.FLOAT ? (Object) Float.valueOf(text) : (Object) Double.valueOf(text);
        }
        BigDecimal number = number(column, value);
        double rounded = column.kind() == Column.Kind.FLOAT ? number.floatValue() : number.doubleValue();
        if (Double.isInfinite(rounded)) {
            throw refused(column, value, "is out of range");
        }
        return column.kind() == Column.Kind.FLOAT ? (Object) number.floatValue() : (Object) rounded;
    }

    private Object text(Column column, Object value) throws PermanentException {
        String text = value instanceof byte[] bytes ? utf8(column, bytes) : plain(value);
        if (column.size() > 0 && text.length() > column.size() && text.codePointCount(0, text.length()) > column.size()) {
            throw refused(column, value, "has " + text.codePointCount(0, text.length()) + " characters");
        }
        checkUnicode(column, text);
        if (vendor == Vendor.POSTGRESQL && text.indexOf('\0') >= 0) {
            throw refused(column, value.toString().replace('\0', ' '), "has a character NUL, which PostgreSQL can't store");
        }
        return text;
    }

    private static String other(Column column, Object value) throws PermanentException {
        String text = value instanceof byte[] bytes ? utf8(column, bytes) : plain(value);
        checkUnicode(column, text);
        return text;
    }

    /** JSON can have half of a surrogate pair, of which drivers make something else. */
    private static void checkUnicode(Column column, String text) throws PermanentException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && Character.isBmpCodePoint(text.codePointAt(i++))) {
                throw new PermanentException(
                        column.title() + " doesn't take text with half a surrogate pair: it is no character");
            }
        }
    }

    private static String utf8(Column column, byte[] bytes) throws PermanentException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw refused(column, bytes, "isn't UTF-8");
        }
    }

    private static Object binary(Column column, Object value) throws PermanentException {
        byte[] bytes;
        if (value instanceof byte[] raw) {
            bytes = raw;
        } else {
            try {
                bytes = Base64.getDecoder().decode(string(column, value));
            } catch (IllegalArgumentException e) {
                throw refused(column, value, "isn't base64");
            }
        }
        if (column.size() > 0 && bytes.length > column.size()) {
            throw refused(column, bytes, "has " + bytes.length + " bytes");
        }
        return bytes;
    }

    /** As JSON text: what was JSON in the payload stays it, an attribute becomes a JSON string. */
    private static String json(Column column, Object value) throws PermanentException {
        if (value instanceof String text) {
            checkUnicode(column, text);
        }
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : Json.text(value);
    }

    private Object array(Column column, Object value) throws PermanentException {
        if (!(value instanceof Json json) || !json.isArray()) {
            throw refused(column, value, "is no array");
        }
        List<Object> elements = new ArrayList<>();
        for (Object element : json.elements()) {
            boolean nested = element instanceof Json inner && inner.isArray() && column.element().kind() != Column.Kind.JSON;
            elements.add(nested ? array(column, element) : convert(column.element(), element));
        }
        return elements;
    }
}
