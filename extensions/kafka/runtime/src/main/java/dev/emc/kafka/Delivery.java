package dev.emc.kafka;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
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

    private final RecordWriter writer;
    private final RecordErrors errors;
    private final List<Sent> sent = new ArrayList<>();
    private final Set<String> missing = new HashSet<>();
    /** Records that are bad for good. */
    final List<Failure> bad = new ArrayList<>();
    /** Records that may be written later. */
    final List<Failure> failed = new ArrayList<>();
    /** The record that the producer has refused at once, after which no other was sent; null for none. */
    private ConnectorRecord culprit;

    /** A record on its way. */
    private static final class Sent {

        private final ConnectorRecord event;
        private final ProducerRecord<byte[], byte[]> record;
        private Future<?> answer;
        private Exception error;

        Sent(ConnectorRecord event, ProducerRecord<byte[], byte[]> record) {
            this.event = event;
            this.record = record;
        }

        /** Waits for the answer. */
        void await() throws InterruptedException {
            try {
                answer.get();
            } catch (ExecutionException failure) {
                error = failure.getCause() instanceof Exception exception ? exception : failure;
            }
        }
    }

    Delivery(RecordWriter writer, RecordErrors errors) {
        this.writer = writer;
        this.errors = errors;
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
        producer.flush();
        for (Sent record : sent) {
            // the flush doesn't wait for batches that were too long and had to be divided
            record.await();
            if (record.error != null) {
                sort(record.event, errors.translate(record.error, record.event.id(), record.record));
            }
        }
        for (ConnectorRecord unsent : batch.subList(next, batch.size())) {
            failed.add(new Failure(unsent, errors.later(stop)));
        }
    }

    private void sort(ConnectorRecord event, Exception error) {
        (error instanceof PermanentException ? bad : failed).add(new Failure(event, error));
    }

    /** @return whether others may follow */
    private boolean send(Producer<byte[], byte[]> producer, Sent record) throws InterruptedException {
        if (missing.contains(record.record.topic())) {
            record.error = new UnknownTopicOrPartitionException();
            record.answer = CompletableFuture.failedFuture(record.error);
            return true;
        }
        long begin = System.nanoTime();
        try {
            record.answer = producer.send(record.record);
        } catch (KafkaException | IllegalStateException error) {
            record.error = error;
            record.answer = CompletableFuture.failedFuture(error);
            return false;
        }
        if (record.answer.isDone()) {
            record.await();
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
