package dev.emc.core.deadletters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.DeadLetter;
import dev.emc.core.engine.DeadLetters;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/**
 * Publishes dead letters to a topic of the mesh: each one is the event as it was, with the extensions {@code deaderror},
 * {@code deaderrorclass}, {@code deadattempts}, {@code deadworker}, {@code deadconnector} and {@code deadtopic} (the topic that
 * it came from or was to go to). What can be no event becomes the payload of one of the type {@code dev.emc.deadletter}, in
 * the form that {@link FileDeadLetters} writes.
 */
public final class TopicDeadLetters implements DeadLetters {

    /** In characters. */
    private static final int LONGEST_REASON = 1000;

    private final MeshPublisher publisher;
    private final String topic;

    /** @param publisher is this object's own: opened and closed with it */
    public TopicDeadLetters(MeshPublisher publisher, String topic) {
        this.publisher = publisher;
        this.topic = topic;
    }

    @Override
    public void open(Duration deadline) throws ConnectorException, InterruptedException {
        publisher.open(deadline);
    }

    @Override
    public void keep(List<DeadLetter> letters) throws ConnectorException, InterruptedException {
        List<ConnectorRecord> events = new ArrayList<>(letters.size());
        for (DeadLetter letter : letters) {
            events.add(event(letter));
        }
        CountDownLatch open = new CountDownLatch(events.size());
        AtomicReference<Exception> failure = new AtomicReference<>();
        for (ConnectorRecord event : events) {
            publisher.publish(event, topic, error -> {
                if (error instanceof PermanentException || error instanceof FatalException) {
                    failure.set(error);
                } else if (error != null) {
                    failure.compareAndSet(null, error);
                }
                open.countDown();
            });
        }
        publisher.flush();
        open.await();
        if (failure.get() != null) {
            throw failed(failure.get());
        }
    }

    private ConnectorException failed(Exception error) {
        String message = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        if (error instanceof PermanentException || error instanceof FatalException) {
            return new FatalException("a dead letter can't be kept in the topic " + topic + ": " + withoutStop(message)
                    + "; set dead-letters.type to file", error);
        }
        return new RetryableException("a dead letter can't be kept in the topic " + topic + ": " + message, error,
                error instanceof RetryableException retryable ? retryable.after().orElse(null) : null);
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private static ConnectorRecord event(DeadLetter letter) throws FatalException {
        ConnectorRecord record = letter.record();
        ConnectorRecord.Builder<?> event = ConnectorRecord.builder();
        if (record != null && canBeEvent(record)) {
            event.data(record.data()).contentType(record.contentType()).timestamp(record.timestamp())
                    .attributes(record.attributes());
        } else {
            whole(letter, event);
        }
        extensions(letter).forEach(event::attribute);
        return event.build();
    }

    private static boolean canBeEvent(ConnectorRecord record) {
        try {
            StructuredJson.write(record);
            return true;
        } catch (EventFormatException noCloudEvent) {
            return false;
        }
    }

    private static void whole(DeadLetter letter, ConnectorRecord.Builder<?> event) throws FatalException {
        byte[] content = letter.body() != null ? letter.body() : letter.record().data();
        // the same each time that it is tried
        String id = letter.time() + "-" + Integer.toHexString(Arrays.hashCode(content));
        try {
            event.data(DeadLetterJson.write(id, letter));
        } catch (IOException e) {
            throw new FatalException("a dead letter can't be written as JSON: " + e.getMessage(), e);
        }
        event.contentType("application/json").timestamp(letter.time()).attribute("id", id)
                .attribute("source", "emc:deadletters").attribute("type", "dev.emc.deadletter");
    }

    private static Map<String, Object> extensions(DeadLetter letter) {
        String origin = letter.record() == null ? null : letter.record().topic();
        return Map.of("deaderror", shortened(letter.reason()), "deaderrorclass", letter.errorClass(), "deadattempts",
                letter.attempts(), "deadworker", text(letter.worker()), "deadconnector", letter.connector(), "deadtopic",
                text(origin == null ? "" : origin));
    }

    /** Some systems repeat the whole record when they refuse it: the event would be too long for the mesh. */
    private static String shortened(String reason) {
        if (reason.length() <= LONGEST_REASON) {
            return text(reason);
        }
        int end = LONGEST_REASON - 1;
        return text(reason.substring(0, Character.isHighSurrogate(reason.charAt(end - 1)) ? end - 1 : end)) + '…';
    }

    /** Attributes of events are valid Unicode text; half a surrogate pair is none. */
    private static String text(String any) {
        return new String(any.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Override
    public String place() {
        return "the topic " + topic;
    }

    @Override
    public void close() {
        publisher.close();
    }
}
