package dev.emc.core.observe;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/** One JSON object a line: {@code timestamp}, {@code level}, {@code logger}, {@code thread}, {@code message}, {@code exception}. */
public final class JsonLogFormatter extends ExtFormatter {

    private final JsonFactory factory = new JsonFactory();

    @Override
    public String format(ExtLogRecord log) {
        var line = new StringWriter(256);
        try (JsonGenerator json = factory.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", log.getInstant().toString());
            json.writeStringField("level", log.getLevel().getName());
            json.writeStringField("logger", log.getLoggerName());
            json.writeStringField("thread", log.getThreadName());
            json.writeStringField("message", formatMessage(log));
            if (log.getThrown() != null) {
                json.writeStringField("exception", stackTrace(log.getThrown()));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.append('\n').toString();
    }

    private static String stackTrace(Throwable thrown) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
