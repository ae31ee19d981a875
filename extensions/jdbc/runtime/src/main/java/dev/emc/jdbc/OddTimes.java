package dev.emc.jdbc;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** Dates and times that a database has and ISO 8601 hasn't, as {@link JdbcSource} and the database's own tools write them. */
final class OddTimes {

    /** Of MariaDB and MySQL: a duration, in hours. */
    private static final Pattern HOURS = Pattern.compile("-?[0-9]{1,3}:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?");
    /** Of MariaDB and MySQL, where the mode of the server allows it. */
    private static final Pattern ZEROS = Pattern.compile("0000-00-00(([T ]00:00:00(\\.0{1,6})?)Z?)?");
    /** Of PostgreSQL: years are counted from the birth of Christ. */
    private static final Pattern YEARS = Pattern.compile("[0-9]{4,6}-[0-9]{2}-[0-9]{2}([T ].*)?");
    private static final String BEFORE_CHRIST = " BC";
    private static final String DAY_END = "24:00:00";

    private OddTimes() {}

    /**
     * A value for a column.
     *
     * @return a type of java.time, or a string that the database reads itself; null for what is none of these odd ones
     */
    static Object read(Vendor vendor, Column.Kind kind, String text) {
        return switch (vendor) {
            case POSTGRESQL -> postgres(kind, text);
            case MARIADB, MYSQL -> mySql(kind, text);
            case H2 -> null;
        };
    }

    private static Object mySql(Column.Kind kind, String text) {
        return switch (kind) {
            case TIME -> HOURS.matcher(text).matches() ? text : null;
            case DATE, TIMESTAMP, TIMESTAMP_ZONED ->
                ZEROS.matcher(text).matches() ? text.replace('T', ' ').replace("Z", "") : null;
            default -> null;
        };
    }

    /** The driver writes the first and the last time that Java knows as the infinities. */
    private static Object postgres(Column.Kind kind, String text) {
        boolean first = text.equals("-infinity");
        boolean infinite = first || text.equals("infinity");
        return switch (kind) {
            case DATE -> infinite ? (first ? LocalDate.MIN : LocalDate.MAX) : null;
            case TIMESTAMP -> infinite ? (first ? LocalDateTime.MIN : LocalDateTime.MAX) : null;
            case TIMESTAMP_ZONED -> infinite ? (first ? OffsetDateTime.MIN : OffsetDateTime.MAX) : null;
            case TIME -> text.equals(DAY_END) ? LocalTime.MAX : null;
            default -> null;
        };
    }

    /** The same time with its year as ISO 8601 writes it, where PostgreSQL has written it differently. */
    static String isoYear(String text) {
        boolean before = text.endsWith(BEFORE_CHRIST);
        String time = before ? text.substring(0, text.length() - BEFORE_CHRIST.length()) : text;
        int dash = time.indexOf('-');
        if (!YEARS.matcher(time).matches() || !before && dash == 4) {
            return text;
        }
        int year = Integer.parseInt(time.substring(0, dash));
        String iso = before ? (year == 1 ? "0000" : "-%04d".formatted(year - 1)) : "+" + year;
        return iso + time.substring(dash);
    }
}
