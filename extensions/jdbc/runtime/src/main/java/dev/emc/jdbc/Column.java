package dev.emc.jdbc;

import java.util.Locale;

/**
 * A column of a table, as the database tells it.
 *
 * @param name as it is in the database
 * @param kind what its values are
 * @param typeName the database's name of its type
 * @param size characters, bytes or digits that a value may have; 0 when there is no limit
 * @param scale decimal places
 * @param element what the elements of an array are; null when it is none
 * @param nullable whether it may be null
 * @param fill who sets it
 */
record Column(String name, Kind kind, String typeName, int size, int scale, Column element, boolean nullable, Fill fill) {

    /** Who sets a column. */
    enum Fill {
        /** Whoever writes the row. */
        GIVEN,
        /** The database, when nobody else does: a number of a sequence. */
        AUTOMATIC,
        /** The database alone, from other columns. */
        GENERATED
    }

    /** What values are. */
    enum Kind {
        BOOLEAN, BYTE, SHORT, INTEGER, LONG, UNSIGNED, DECIMAL, FLOAT, DOUBLE, TEXT, DATE, TIME, TIME_ZONED, TIMESTAMP, TIMESTAMP_ZONED, BINARY, UUID, JSON, ARRAY, OTHER
    }

    /** Whether this is the boolean of MariaDB and MySQL, which has all the numbers of a tinyint. */
    boolean isSmallBoolean() {
        return kind == Kind.BYTE && typeName.toUpperCase(Locale.ROOT).startsWith("BOOL");
    }

    /** For messages: {@code column "qty" (integer)}. */
    String title() {
        String limits = switch (kind) {
            case DECIMAL -> size == 0 ? "" : "(" + size + "," + scale + ")";
            case TEXT, BINARY -> size == 0 ? "" : "(" + size + ")";
            default -> "";
        };
        return "column \"" + name + "\" (" + typeName.toLowerCase(Locale.ROOT) + limits + ")";
    }
}
