package dev.emc.testkit.conformance;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Everything that is logged, at any level, with stack traces. */
final class LogCapture extends Handler implements AutoCloseable {

    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("dev.emc");
    private final Level rootLevel = root.getLevel();
    private final Level oursLevel = ours.getLevel();
    private final StringBuffer text = new StringBuffer();

    LogCapture() {
        setLevel(Level.ALL);
        root.addHandler(this);
        ours.setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
        StringWriter line = new StringWriter();
        line.append(record.getMessage()).append('\n').append(formatted(record)).append('\n');
        if (record.getThrown() != null) {
            record.getThrown().printStackTrace(new PrintWriter(line, true));
        }
        text.append(line);
    }

    private static String formatted(LogRecord record) {
        Object[] parameters = record.getParameters();
        if (parameters == null || parameters.length == 0) {
            return "";
        }
        try {
            return String.format(record.getMessage(), parameters);
        } catch (RuntimeException otherFormat) {
            return MessageFormat.format("{0}", (Object) java.util.Arrays.toString(parameters));
        }
    }

    String text() {
        return text.toString();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.removeHandler(this);
        root.setLevel(rootLevel);
        ours.setLevel(oursLevel);
    }
}
