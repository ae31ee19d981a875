package dev.emc.core.observe;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Level;

import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/**
 * One JSON object a line: {@code timestamp} (RFC 3339 in UTC), {@code level} (TRACE, DEBUG, INFO, WARN, ERROR or FATAL),
 * {@code logger}, {@code thread}, {@code message}, and with an exception {@code exception}, its stack trace.
 */
public final class JsonLogFormatter extends ExtFormatter {

    private static final JsonFactory FACTORY = new JsonFactory();

    @Override
    public String format(ExtLogRecord log) {
        return line(log.getInstant(), level(log.getLevel()), log.getLoggerName(), log.getThreadName(), formatMessage(log),
                log.getThrown());
    }

    /** A line for what is said before there is a log: an object like all others, with its line break. */
    public static String line(Instant time, String level, String message) {
        return line(time, level, "dev.emc", Thread.currentThread().getName(), message, null);
    }

    private static String line(Instant time, String level, String logger, String thread, String message, Throwable thrown) {
        var line = new StringWriter(256);
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", time.truncatedTo(ChronoUnit.MICROS).toString());
            json.writeStringField("level", level);
            json.writeStringField("logger", logger);
            json.writeStringField("thread", thread);
            json.writeStringField("message", message);
            if (thrown != null) {
                json.writeStringField("exception", stackTrace(thrown));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.append('\n').toString();
    }

    /** The usual name of a level; libraries that log by java.util.logging have others. */
    private static String level(Level level) {
        return switch (level.getName()) {
            case "SEVERE" -> "ERROR";
            case "WARNING" -> "WARN";
            case "CONFIG" -> "INFO";
            case "FINE" -> "DEBUG";
            case "FINER", "FINEST" -> "TRACE";
            default -> level.getName();
        };
    }

    private static String stackTrace(Throwable thrown) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
