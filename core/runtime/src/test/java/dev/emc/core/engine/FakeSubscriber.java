package dev.emc.core.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;

/** A mesh that pushes what the test gives, one event after the other on a network thread, unless it is paused. */
final class FakeSubscriber implements MeshSubscriber {

    private final ArrayDeque<ConnectorRecord> waiting = new ArrayDeque<>();
    final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    volatile ConnectorException refusal;
    volatile MeshState state = new MeshState(true, "connected");
    volatile Receiver receiver;
    volatile boolean exhaustible;
    volatile int pauses;
    volatile int pushed;
    private boolean paused;
    private boolean stopped;
    private boolean underWay;
    private Thread network;

    static ConnectorRecord record(String id) {
        return record(id, new byte[]{1});
    }

    static ConnectorRecord record(String id, byte[] data) {
        return ConnectorRecord.builder().attribute("id", id).attribute("source", "test").attribute("type", "t").data(data)
                .build();
    }

    synchronized FakeSubscriber has(ConnectorRecord... records) {
        waiting.addAll(List.of(records));
        notifyAll();
        return this;
    }

    /** Records with the ids first to last. */
    FakeSubscriber has(int first, int last) {
        for (int i = first; i <= last; i++) {
            has(record(Integer.toString(i)));
        }
        return this;
    }

    @Override
    public void open(Receiver to, Duration deadline) throws ConnectorException {
        if (refusal != null) {
            throw refusal;
        }
        calls.add("open");
        receiver = to;
        network = new Thread(this::push, "network");
        network.setDaemon(true);
        network.start();
    }

    private void push() {
        try {
            while (true) {
                ConnectorRecord next;
                synchronized (this) {
                    while (!stopped && (paused || waiting.isEmpty())) {
                        wait();
                    }
                    if (stopped) {
                        return;
                    }
                    next = waiting.poll();
                    underWay = true;
                }
                receiver.received(delivery(next));
                pushed++;
                synchronized (this) {
                    underWay = false;
                }
            }
        } catch (InterruptedException end) {
            // closed
        }
    }

    Delivery delivery(ConnectorRecord record) {
        return new Delivery() {
            @Override
            public ConnectorRecord record() {
                return record;
            }

            @Override
            public Runnable acknowledgement() {
                return acknowledgementOf(record.id());
            }
        };
    }

    private Runnable acknowledgementOf(String id) {
        return () -> acknowledged.add(id);
    }

    @Override
    public synchronized void pause() {
        pauses++;
        paused = true;
    }

    @Override
    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    @Override
    public synchronized void stopIntake() {
        calls.add("stopIntake");
        stopped = true;
        notifyAll();
    }

    @Override
    public MeshState state() {
        return state;
    }

    @Override
    public synchronized boolean exhausted() {
        return exhaustible && waiting.isEmpty() && !underWay;
    }

    @Override
    public synchronized void close() {
        calls.add("close after " + acknowledged.size() + " acknowledgements");
        stopped = true;
        notifyAll();
    }

    synchronized boolean isPaused() {
        return paused;
    }

    List<String> acknowledged() {
        synchronized (acknowledged) {
            return new ArrayList<>(acknowledged);
        }
    }
}
