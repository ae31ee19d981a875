package dev.emc.testkit.faults;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;
import dev.emc.core.engine.DeadLetter;
import dev.emc.core.engine.DeadLetters;
import dev.emc.core.engine.ForwardingPublisher;
import dev.emc.core.engine.ForwardingSubscriber;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.core.engine.MeshSubscriber;
import dev.emc.core.engine.Registry;

/** The worker's neighbours, with a chance to die before and after each of their steps. */
final class Killing {

    private Killing() {}

    static final class Publisher extends ForwardingPublisher {

        private final Killer killer;

        Publisher(MeshPublisher to, Killer killer) {
            super(to);
            this.killer = killer;
        }

        @Override
        public void publish(ConnectorRecord record, String topic, Consumer<Exception> done) {
            killer.pass(KillPoint.SOURCE_BEFORE_PUBLISH);
            super.publish(record, topic, error -> {
                killer.pass(KillPoint.SOURCE_MESH_ACKED);
                done.accept(error);
                killer.pass(KillPoint.SOURCE_MESH_ACK_NOTED);
            });
        }

        @Override
        public void flush() {
            killer.pass(KillPoint.SOURCE_BEFORE_FLUSH);
            super.flush();
            killer.pass(KillPoint.SOURCE_AFTER_FLUSH);
        }
    }

    record KillingRegistry(Registry to, Killer killer) implements Registry {

        @Override
        public Collection<Position> open(String worker) throws ConnectorException, LeaseHeldException, InterruptedException {
            return to.open(worker);
        }

        @Override
        public boolean held() {
            return to.held();
        }

        @Override
        public void save(Collection<Position> positions) throws ConnectorException, InterruptedException {
            killer.pass(KillPoint.SOURCE_BEFORE_SAVE);
            to.save(positions);
            killer.pass(KillPoint.SOURCE_AFTER_SAVE);
        }

        @Override
        public void close() {
            to.close();
        }
    }

    static final class Subscriber extends ForwardingSubscriber {

        private final Killer killer;

        Subscriber(MeshSubscriber to, Killer killer) {
            super(to);
            this.killer = killer;
        }

        @Override
        protected Delivery received(Delivery delivery) {
            killer.pass(KillPoint.SINK_RECEIVED);
            return new KillingDelivery(delivery, killer);
        }
    }

    private record KillingDelivery(MeshSubscriber.Delivery to, Killer killer) implements MeshSubscriber.Delivery {

        @Override
        public ConnectorRecord record() {
            return to.record();
        }

        @Override
        public Runnable acknowledgement() {
            return new KillingAcknowledgement(to.acknowledgement(), killer);
        }
    }

    /** Equal to another one of the same push, as the worker wants it. */
    private record KillingAcknowledgement(Runnable to, Killer killer) implements Runnable {

        @Override
        public void run() {
            killer.pass(KillPoint.SINK_BEFORE_MESH_ACK);
            to.run();
            killer.pass(KillPoint.SINK_AFTER_MESH_ACK);
        }
    }

    record KillingDeadLetters(DeadLetters to, boolean source, Killer killer) implements DeadLetters {

        @Override
        public void open(Duration deadline) throws ConnectorException, InterruptedException {
            to.open(deadline);
        }

        @Override
        public void keep(List<DeadLetter> letters) throws ConnectorException, InterruptedException {
            killer.pass(source ? KillPoint.SOURCE_BEFORE_DEAD_LETTER : KillPoint.SINK_BEFORE_DEAD_LETTER);
            to.keep(letters);
            killer.pass(source ? KillPoint.SOURCE_AFTER_DEAD_LETTER : KillPoint.SINK_AFTER_DEAD_LETTER);
        }

        @Override
        public String place() {
            return to.place();
        }

        @Override
        public void close() {
            to.close();
        }
    }
}
