package dev.emc.core.deadletters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.jboss.logging.Logger;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.DeadLetter;
import dev.emc.core.engine.DeadLetters;
import dev.emc.core.engine.MeshPublisher;
import dev.emc.core.engine.NotConnectedException;
import dev.emc.core.engine.Reminder;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/**
 * Publishes dead letters to a topic of the mesh: each one is the event as it was, with the extensions {@code deaderror},
 * {@code deaderrorclass}, {@code deadattempts}, {@code deadworker}, {@code deadconnector} and {@code deadtopic} (the topic that
 * it came from or was to go to), and with {@code deadraw} where it is only what a source has read. What the mesh will never take,
 * such as an event over its size limit, goes to a file. What can be no event becomes the payload of one of the type {@code dev.emc.deadletter}, in
 * the form that {@link FileDeadLetters} writes.
 */
public final class TopicDeadLetters implements DeadLetters {

    /** In characters. */
    private static final int LONGEST_REASON = 1000;

    /** A letter at which the mesh cut the connection so often, while nothing else was under way, goes to the file. */
    private static final int CUTS = 3;

    private static final Logger LOG = Logger.getLogger("dev.emc.worker");

    private final MeshPublisher publisher;
    private final String topic;
    private final FileDeadLetters file;
    private final Reminder reminder = new Reminder(System::nanoTime);
    /** How often the mesh cut the connection with each of these; while there are any, letters go one by one. */
    private final Map<DeadLetter, Integer> cuts = new IdentityHashMap<>();

    /**
     * @param publisher is this object's own: opened and closed with it
     * @param file for what the mesh can't take
     */
    public TopicDeadLetters(MeshPublisher publisher, String topic, FileDeadLetters file) {
        this.publisher = publisher;
        this.topic = topic;
        this.file = file;
    }

    @Override
    public void open(Duration deadline) throws ConnectorException, InterruptedException {
        publisher.open(deadline);
    }

    @Override
    public void keep(List<DeadLetter> letters) throws ConnectorException, InterruptedException {
        Map<DeadLetter, Exception> refused = new IdentityHashMap<>();
        if (cuts.isEmpty()) {
            publish(letters, refused);
        } else {
            for (DeadLetter letter : letters) {
                publish(List.of(letter), refused);
            }
        }
        if (!refused.isEmpty()) {
            List<DeadLetter> others = letters.stream().filter(refused::containsKey).toList();
            file.keep(others);
            if (reminder.due()) {
                LOG.warnf("a dead letter can't be kept in the topic %s: %s; it is kept in %s", topic,
                        withoutStop(message(refused.get(others.get(0)))), file.place());
            }
        }
        cuts.clear();
    }

    /** @param refused is added to: what the mesh will never take, and why */
    private void publish(List<DeadLetter> letters, Map<DeadLetter, Exception> refused)
            throws ConnectorException, InterruptedException {
        Map<DeadLetter, Exception> failures = Collections.synchronizedMap(new IdentityHashMap<>());
        CountDownLatch open = new CountDownLatch(letters.size());
        for (DeadLetter letter : letters) {
            publisher.publish(event(letter), topic, error -> {
                if (error != null) {
                    failures.put(letter, error);
                }
                open.countDown();
            });
        }
        publisher.flush();
        open.await();
        Exception again = null;
        for (Map.Entry<DeadLetter, Exception> failure : failures.entrySet()) {
            if (isRefused(failure.getKey(), failure.getValue(), letters.size() == 1)) {
                refused.put(failure.getKey(), failure.getValue());
            } else {
                again = again instanceof FatalException ? again : failure.getValue();
            }
        }
        if (again != null) {
            throw failed(again);
        }
    }

    private boolean isRefused(DeadLetter letter, Exception error, boolean alone) {
        if (error.getCause() instanceof NotConnectedException lost && lost.isCut()) {
            return cuts.merge(letter, alone ? 1 : 0, Integer::sum) >= CUTS;
        }
        return error instanceof PermanentException;
    }

    private ConnectorException failed(Exception error) {
        String what = "a dead letter can't be kept in the topic " + topic + ": " + withoutStop(message(error));
        return error instanceof FatalException
                ? new FatalException(what + "; set dead-letters.type to file", error)
                : new RetryableException(what, error,
                        error instanceof RetryableException retryable ? retryable.after().orElse(null) : null);
    }

    private static String message(Exception error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
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
        if (letter.raw()) {
            event.attribute("deadraw", true);
        }
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
