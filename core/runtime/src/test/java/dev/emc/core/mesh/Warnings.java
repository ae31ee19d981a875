package dev.emc.core.mesh;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.ExtLogRecord;

/** What a class warns of, from opening to closing. */
final class Warnings extends Handler implements AutoCloseable {

    final List<String> messages = new CopyOnWriteArrayList<>();
    private final Logger logger;

    Warnings(Class<?> of) {
        logger = Logger.getLogger(of.getName());
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            messages.add(record instanceof ExtLogRecord log ? log.getFormattedMessage() : record.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
