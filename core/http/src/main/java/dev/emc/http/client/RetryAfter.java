package dev.emc.http.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The header {@code Retry-After}: seconds or a date. */
public final class RetryAfter {

    /** A server that asks for more is asked again after this. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private RetryAfter() {}

    /** How long the server asks to wait; empty when it doesn't say, or not in a way that can be understood. */
    public static Optional<Duration> of(Response response) {
        return parse(response.header("Retry-After"), Instant.now());
    }

    static Optional<Duration> parse(String value, Instant now) {
        if (value == null) {
            return Optional.empty();
        }
        Duration delay;
        try {
            delay = value.strip().matches("[0-9]{1,9}(\\.[0-9]*)?")
                    ? Duration.ofMillis((long) Math.ceil(Double.parseDouble(value.strip()) * 1000))
                    : Duration.between(now, ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        if (delay.isNegative()) {
            return Optional.of(Duration.ZERO);
        }
        return Optional.of(delay.compareTo(LONGEST) > 0 ? LONGEST : delay);
    }
}
