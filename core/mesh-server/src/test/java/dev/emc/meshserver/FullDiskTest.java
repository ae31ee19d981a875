package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

/** What the broker does about a disk on which nothing can be put. */
class FullDiskTest {

    private final FullDisk disk = new FullDisk();
    private final Broker broker = new Broker(MeshServerConfig.builder().build(), disk);
    private final Session session = broker.open(new Idle(), "g", 10);
    private final List<String> done = new ArrayList<>();

    @Test
    void aNewGroupIsRefusedWithTheReason() {
        String reason = broker.subscribe(session, "t", false, () -> done.add("t"));
        assertTrue(reason.contains("disk of the data folder is full"), reason);
        broker.run();
        assertEquals(0, disk.writes);
        assertEquals(List.of(), done);
    }

    @Test
    void aKnownGroupIsLetIn() {
        broker.restore("t", 0, 0, 0, Map.of("g", 0L));
        assertNull(broker.subscribe(session, "t", false, () -> done.add("t")));
        assertEquals(List.of("t"), done);
    }

    @Test
    void aBroadcastingSubscriberIsLetIn() {
        assertNull(broker.subscribe(session, "t", true, () -> done.add("t")));
        assertEquals(List.of("t"), done);
    }

    private static final class FullDisk implements Storage {

        private int writes;

        @Override
        public void write(Batch batch, Runnable done) {
            writes++;
        }

        @Override
        public void read(String topic, long from, int maxBytes, Consumer<List<byte[]>> done) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean full() {
            return true;
        }

        @Override
        public boolean low() {
            return true;
        }
    }

    /** Is there and gets nothing. */
    private static final class Idle implements Client {

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void push(long seq, byte[] event, boolean broadcast) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void accepted(Publish publish) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void refused(Publish publish, int code, String reason) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void pause() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void resume() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String name() {
            return "idle";
        }
    }
}
