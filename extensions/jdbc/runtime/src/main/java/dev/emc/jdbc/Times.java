package dev.emc.jdbc;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;

/** Reads dates and times as events have them: in the forms of ISO 8601, or as a number since 1970 where that is allowed. */
final class Times {

    /** A date, a time of the day after a T or a blank, and perhaps an offset. */
    private static final DateTimeFormatter DATE_TIME = new DateTimeFormatterBuilder().append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart().appendPattern("['T'][' ']").append(DateTimeFormatter.ISO_LOCAL_TIME).optionalStart()
            .appendOffset("+HH:mm", "Z").optionalEnd().optionalStart().appendOffset("+HHmm", "Z").optionalEnd().optionalStart()
            .appendOffset("+HH", "Z").optionalEnd().optionalStart().appendPattern("'['VV']'").optionalEnd().optionalEnd()
            .parseCaseInsensitive().toFormatter();

    private final ZoneId zone;
    private final JdbcSinkConfig.Epoch epoch;

    /** @param zone of times without an offset, and of columns without one */
    Times(ZoneId zone, JdbcSinkConfig.Epoch epoch) {
        this.zone = zone;
        this.epoch = epoch;
    }

    /** @throws DateTimeException when this is no point in time; @throws ArithmeticException when a number is too large */
    OffsetDateTime zoned(Object value) {
        Object time = parse(value);
        return time instanceof OffsetDateTime offset ? offset : ((LocalDateTime) time).atZone(zone).toOffsetDateTime();
    }

    /** @throws DateTimeException when this is no date and time; @throws ArithmeticException when a number is too large */
    LocalDateTime local(Object value) {
        Object time = parse(value);
        return time instanceof OffsetDateTime offset ? offset.atZoneSameInstant(zone).toLocalDateTime() : (LocalDateTime) time;
    }

    /** @throws DateTimeException when this is no date, or has a time of the day beside */
    LocalDate date(Object value) {
        if (value instanceof String text && text.indexOf('T') < 0 && text.indexOf(':') < 0) {
            return LocalDate.parse(OddTimes.isoYear(text));
        }
        LocalDateTime time = local(value);
        if (!time.toLocalTime().equals(LocalTime.MIDNIGHT)) {
            throw new DateTimeException("has a time of the day");
        }
        return time.toLocalDate();
    }

    /** @throws DateTimeException when this is no time of the day */
    LocalTime time(Object value) {
        return LocalTime.parse(text(value));
    }

    /** @throws DateTimeException when this is no time of the day; one without an offset is taken to be in the zone, as of now */
    OffsetTime timeZoned(Object value) {
        TemporalAccessor time = DateTimeFormatter.ISO_TIME.parseBest(text(value), OffsetTime::from, LocalTime::from);
        return time instanceof OffsetTime offset
                ? offset
                : ((LocalTime) time).atOffset(zone.getRules().getOffset(Instant.now()));
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new DateTimeException("is no text");
    }

    /** An OffsetDateTime, or a LocalDateTime when no offset is known. */
    private Object parse(Object value) {
        if (value instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }
        if (value instanceof Number number) {
            return sinceEpoch(new BigDecimal(number.toString())).atOffset(ZoneOffset.UTC);
        }
        String text = OddTimes.isoYear(text(value));
        TemporalAccessor time = DATE_TIME.parseBest(text, java.time.ZonedDateTime::from, OffsetDateTime::from,
                LocalDateTime::from, LocalDate::from);
        if (time instanceof java.time.ZonedDateTime zoned) {
            return zoned.toOffsetDateTime();
        }
        return time instanceof LocalDate date ? date.atStartOfDay() : time;
    }

    private Instant sinceEpoch(BigDecimal number) {
        int places = switch (epoch) {
            case NONE -> throw new DateTimeException("is a number");
            case SECONDS -> 0;
            case MILLIS -> 3;
            case MICROS -> 6;
        };
        if (number.precision() - number.scale() > 20) {
            throw new DateTimeException("is too large");
        }
        BigDecimal seconds = number.movePointLeft(places).setScale(9, RoundingMode.FLOOR);
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Instant.ofEpochSecond(whole.longValueExact(), seconds.subtract(whole).movePointRight(9).longValueExact());
    }
}
