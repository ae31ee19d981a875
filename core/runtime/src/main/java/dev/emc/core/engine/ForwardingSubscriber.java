package dev.emc.core.engine;

import java.time.Duration;
import java.util.List;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;

/** Hands everything on to another subscriber: for those that do something more with what is delivered. */
public abstract class ForwardingSubscriber implements MeshSubscriber {

    private final MeshSubscriber to;

    protected ForwardingSubscriber(MeshSubscriber to) {
        this.to = to;
    }

    /** What the receiver gets for a delivery. */
    protected abstract Delivery received(Delivery delivery);

    @Override
    public void open(Receiver receiver, Duration deadline) throws ConnectorException, InterruptedException {
        to.open(new Receiver() {

            @Override
            public void received(Delivery delivery) {
                receiver.received(ForwardingSubscriber.this.received(delivery));
            }

            @Override
            public void received(List<Delivery> deliveries) {
                receiver.received(deliveries.stream().map(ForwardingSubscriber.this::received).toList());
            }

            @Override
            public void unreadable(String problem, byte[] body, Runnable acknowledge) {
                receiver.unreadable(problem, body, acknowledge);
            }
        }, deadline);
    }

    @Override
    public void pause() {
        to.pause();
    }

    @Override
    public void resume() {
        to.resume();
    }

    @Override
    public void stopIntake() {
        to.stopIntake();
    }

    @Override
    public MeshState state() {
        return to.state();
    }

    @Override
    public boolean exhausted() throws FatalException {
        return to.exhausted();
    }

    @Override
    public void close() {
        to.close();
    }
}
