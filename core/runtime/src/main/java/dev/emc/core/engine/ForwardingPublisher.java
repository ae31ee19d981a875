package dev.emc.core.engine;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;

/** Hands everything on to another publisher: for those that do something more in some of its steps. */
public abstract class ForwardingPublisher implements MeshPublisher {

    private final MeshPublisher to;

    protected ForwardingPublisher(MeshPublisher to) {
        this.to = to;
    }

    @Override
    public void open(Duration deadline) throws ConnectorException, InterruptedException {
        to.open(deadline);
    }

    @Override
    public void onlyWhile(BooleanSupplier permission) {
        to.onlyWhile(permission);
    }

    @Override
    public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
        to.publish(record, topic, done);
    }

    @Override
    public int window() {
        return to.window();
    }

    @Override
    public void flush() {
        to.flush();
    }

    @Override
    public MeshState state() {
        return to.state();
    }

    @Override
    public void close() {
        to.close();
    }
}
