package dev.emc.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;

/** One attempt to send the records of a batch, and what came of it. */
final class Delivery {

    /** A send that fails after so long has waited for brokers or memory in vain. */
    private static final long LONG_WAIT = TimeUnit.MILLISECONDS.toNanos(100);
    /** How long to wait for an answer before looking whether one can come. */
    private static final long LOOK_MILLIS = 10;

    private final RecordWriter writer;
    private final RecordErrors errors;
    private final boolean linger;
    private final List<Sent> sent = new ArrayList<>();
    private final Set<String> missing = new HashSet<>();
    /** Records that are bad for good. */
    final List<Failure> bad = new ArrayList<>();
    /** Records that may be written later. */
    final List<Failure> failed = new ArrayList<>();
    /** The record that the producer has refused at once, after which no other was sent; null for none. */
    private ConnectorRecord culprit;
    private final Set<String> narrow = new TreeSet<>();
    /** Records without an answer, and one more while records are being sent. */
    private final AtomicInteger open = new AtomicInteger(1);
    private final CountDownLatch done = new CountDownLatch(1);

    /** A record on its way. */
    private final class Sent implements Callback {

        private final ConnectorRecord event;
        private final ProducerRecord<byte[], byte[]> record;
        private volatile boolean answered;
        private volatile Exception error;

        Sent(ConnectorRecord event, ProducerRecord<byte[], byte[]> record) {
            this.event = event;
            this.record = record;
            open.incrementAndGet();
        }

        @Override
        public void onCompletion(RecordMetadata metadata, Exception exception) {
            if (!answered) {
                error = exception;
                answered = true;
                closeOne();
            }
        }
    }

    /** @param linger whether the producer waits for batches to fill, which nobody wants any more when all records are sent */
    Delivery(RecordWriter writer, RecordErrors errors, boolean linger) {
        this.writer = writer;
        this.errors = errors;
        this.linger = linger;
    }

    /**
     * Sends all records and waits for the answers.
     *
     * @param together whether the producer's first failure spoils all, as in a transaction
     */
    void send(Producer<byte[], byte[]> producer, List<ConnectorRecord> batch, boolean together) throws InterruptedException {
        Exception stop = null;
        int next = 0;
        while (next < batch.size() && stop == null) {
            ConnectorRecord event = batch.get(next++);
            try {
                Sent record = new Sent(event, writer.write(event));
                sent.add(record);
                boolean goOn = send(producer, record);
                if (!goOn || together && record.error != null) {
                    stop = record.error;
                    culprit = event;
                }
            } catch (PermanentException wrong) {
                bad.add(new Failure(event, wrong));
            }
        }
        Thread flushing = null;
        if (linger) {
            flushing = new Thread(producer::flush, "kafka-sink-flush"); // may wait for what await ends
            flushing.start();
        }
        await(producer);
        if (flushing != null) {
            flushing.join();
        }
        for (Sent record : sent) {
            if (record.error != null) {
                sort(record.event, errors.translate(record.error, record.event.id(), record.record));
            }
        }
        for (ConnectorRecord unsent : batch.subList(next, batch.size())) {
            failed.add(new Failure(unsent, errors.later(stop)));
        }
    }

    private void closeOne() {
        if (open.decrementAndGet() == 0) {
            done.countDown();
        }
    }

    /**
     * Waits for all answers. The producer divides a batch that its topic refuses as too long, into batches that are just as long
     * when the topic takes less than {@code batch.size}, and so on for ever: that is noticed and ended.
     */
    private void await(Producer<byte[], byte[]> producer) throws InterruptedException {
        closeOne();
        int before = -1; // not even none, which may be counted a moment before it is told
        Splits splits = null;
        while (!done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            int now = open.get();
            if (now != before) {
                splits = new Splits(producer); // there is progress
                before = now;
            } else if (narrow.isEmpty() && splits.areInVain()) {
                sent.stream().filter(record -> !record.answered).forEach(record -> narrow.add(record.record.topic()));
                producer.close(Duration.ZERO);
            }
        }
    }

    /** The topics that refuse batches as long as the producer makes them, which is closed then; none in most cases. */
    Set<String> narrow() {
        return narrow;
    }

    private void sort(ConnectorRecord event, Exception error) {
        (error instanceof PermanentException ? bad : failed).add(new Failure(event, error));
    }

    /** @return whether others may follow */
    private boolean send(Producer<byte[], byte[]> producer, Sent record) {
        if (missing.contains(record.record.topic())) {
            record.onCompletion(null, new UnknownTopicOrPartitionException());
            return true;
        }
        long begin = System.nanoTime();
        try {
            producer.send(record.record, record);
        } catch (KafkaException | IllegalStateException error) {
            record.onCompletion(null, error);
            return false;
        }
        if (RecordErrors.isMissingTopic(record.error)) {
            missing.add(record.record.topic());
            return true;
        }
        return !(record.error instanceof TimeoutException && System.nanoTime() - begin > LONG_WAIT);
    }

    /** Whether the producer has refused anything, so that a transaction can't be committed. */
    boolean isSpoiled() {
        return sent.stream().anyMatch(record -> record.error != null);
    }

    /** The one bad record that has spoiled a transaction; null when nobody knows which it was: all of them fail the same way. */
    Failure culprit() {
        return bad.stream().filter(failure -> failure.record() == culprit).findFirst().orElse(null);
    }

    /** Whether nothing at all was written, by no fault of the records. */
    boolean isInVain() {
        return !failed.isEmpty() && bad.isEmpty() && sent.stream().allMatch(record -> record.error != null);
    }

    /** Why records were not written, the error that weighs most. */
    Exception worst() {
        return failed.stream().map(Failure::error).filter(FatalException.class::isInstance).findFirst()
                .orElseGet(() -> failed.get(0).error());
    }
}
