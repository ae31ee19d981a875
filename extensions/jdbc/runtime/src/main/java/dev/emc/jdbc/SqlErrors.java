package dev.emc.jdbc;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;

/** What an error of a database means for the worker, by its SQLState, and by the vendor's number where that says too little. */
public final class SqlErrors {

    /** What can be done about an error. */
    public enum Kind {

        /** The connection is gone, or there never was one: with a new one it may work. */
        CONNECTION,
        /** Something stood in the way that goes by: a deadlock, a lock, a time limit, a full disk. */
        BUSY,
        /** The database will never take this value, or this row. */
        ROW,
        /** It will never work with this configuration or this database: no such table, no permission. */
        SETUP;

        /** Whether the same may work later. */
        public boolean isRetryable() {
            return this == CONNECTION || this == BUSY;
        }
    }

    /** Longest part of a database's message that is passed on: some repeat a whole row. */
    private static final int LONGEST = 400;

    /** By whole SQLStates, before classes are looked at. */
    private static final Map<String, Kind> STATES = Map.ofEntries(Map.entry("57P01", Kind.CONNECTION),
            Map.entry("57P02", Kind.CONNECTION), Map.entry("57P03", Kind.CONNECTION), Map.entry("57P04", Kind.SETUP),
            Map.entry("57P05", Kind.CONNECTION), Map.entry("08P01", Kind.BUSY), Map.entry("25006", Kind.CONNECTION),
            Map.entry("3D000", Kind.SETUP), Map.entry("55P03", Kind.BUSY), Map.entry("0A000", Kind.SETUP),
            Map.entry("42804", Kind.ROW), Map.entry("42846", Kind.ROW), Map.entry("42701", Kind.ROW),
            Map.entry("42000", Kind.SETUP));

    private static final Map<String, Kind> CLASSES = Map.ofEntries(Map.entry("08", Kind.CONNECTION), Map.entry("40", Kind.BUSY),
            Map.entry("53", Kind.BUSY), Map.entry("55", Kind.BUSY), Map.entry("57", Kind.BUSY), Map.entry("58", Kind.BUSY),
            Map.entry("HYT", Kind.BUSY), Map.entry("70", Kind.BUSY), Map.entry("XX", Kind.BUSY),
            Map.entry("21", Kind.ROW), Map.entry("22", Kind.ROW), Map.entry("23", Kind.ROW), Map.entry("44", Kind.ROW),
            Map.entry("54", Kind.ROW), Map.entry("P0", Kind.ROW), Map.entry("45", Kind.ROW), Map.entry("28", Kind.SETUP),
            Map.entry("3F", Kind.SETUP), Map.entry("42", Kind.SETUP), Map.entry("0L", Kind.SETUP), Map.entry("0P", Kind.SETUP));

    /** Numbers of MariaDB and MySQL, which put much of this under HY000 or 42000. */
    private static final Set<Integer> MYSQL_BUSY = Set.of(1021, 1037, 1038, 1041, 1114, 1180, 1203, 1205, 1206, 1213, 1226,
            1317,
            1637, 1969, 3024);
    private static final Set<Integer> MYSQL_CONNECTION = Set.of(1040, 1042, 1043, 1053, 1077, 1152, 1158, 1159, 1160, 1161,
            1184,
            1290, 1836, 1927, 2006, 2013, 3032);
    private static final Set<Integer> MYSQL_ROW = Set.of(1048, 1062, 1118, 1153, 1216, 1217, 1264, 1265, 1292, 1364, 1366, 1367,
            1300, 1406, 1411, 1416, 1451, 1452, 1526, 1591, 1644, 1690, 1748, 1977, 3140, 3141, 3819, 3988, 4025);

    /** Numbers of H2: the connection, the file or the server is gone. */
    private static final Set<Integer> H2_CONNECTION = Set.of(90007, 90020, 90067, 90098, 90108, 90121, 90028, 90030, 90031,
            90117);
    private static final Set<Integer> H2_SETUP = Set.of(90013, 90096, 90124, 90146, 90149, 90154);

    private SqlErrors() {}

    /** What can be done about an error. */
    public static Kind kind(SQLException error) {
        if (PostgresErrors.isOfValue(error)) {
            return Kind.ROW;
        }
        int number = error.getErrorCode();
        if (isH2(error)) {
            return H2_CONNECTION.contains(number)
                    ? Kind.CONNECTION
                    : H2_SETUP.contains(number) ? Kind.SETUP : byState(error.getSQLState());
        }
        if (MYSQL_CONNECTION.contains(number)) {
            return Kind.CONNECTION;
        }
        if (MYSQL_BUSY.contains(number)) {
            return Kind.BUSY;
        }
        if (MYSQL_ROW.contains(number)) {
            return Kind.ROW;
        }
        return byState(error.getSQLState());
    }

    private static boolean isH2(SQLException error) {
        return error.getClass().getName().startsWith("org.h2.");
    }

    private static Kind byState(String state) {
        if (state == null) {
            return Kind.CONNECTION;
        }
        Kind exact = STATES.get(state);
        if (exact != null) {
            return exact;
        }
        return CLASSES.getOrDefault(state.substring(0, Math.min(state.startsWith("HYT") ? 3 : 2, state.length())), Kind.BUSY);
    }

    /** An error while a connection was opened. */
    static ConnectorException onConnecting(SQLException error, String address) {
        Kind kind = kind(error);
        String what = "can't connect to " + address + ": " + reason(error);
        return kind.isRetryable()
                ? new RetryableException(what, error)
                : new FatalException(what + "; check connector.url, connector.user and connector.password", error);
    }

    /**
     * An error in the midst of work.
     *
     * @param doing what could not be done, as in "can't …"
     */
    public static ConnectorException on(SQLException error, String doing) {
        String what = "can't " + doing + ": " + reason(error);
        return switch (kind(error)) {
            case CONNECTION, BUSY -> new RetryableException(what, error);
            case ROW -> new PermanentException(what, error);
            case SETUP -> new FatalException(what, error);
        };
    }

    /** The database's own words on one line, without its prefixes. */
    public static String reason(SQLException error) {
        SQLException told = error;
        while (told.getNextException() != null && told instanceof java.sql.BatchUpdateException) {
            told = told.getNextException();
        }
        String message = told.getMessage() == null ? "" : told.getMessage();
        message = message.replaceFirst("^(ERROR|FATAL|PANIC): ", "")
                .replaceAll("\\b([a-z][\\w]*\\.)+[A-Z]\\w*: ?", "").replaceFirst("^\\(conn=-?[0-9]+\\) ", "")
                .replaceFirst("(?s); SQL statement:\n.*", "").replaceAll("\\s+", " ")
                .replaceFirst(" Location: File: .*", "").strip();
        if (message.isEmpty()) {
            message = "the database gave no reason";
        }
        if (message.length() > LONGEST) {
            message = message.substring(0, LONGEST) + "…";
        }
        String state = told.getSQLState();
        return state == null ? message : message + " (SQLState " + state.toUpperCase(Locale.ROOT) + ")";
    }
}
