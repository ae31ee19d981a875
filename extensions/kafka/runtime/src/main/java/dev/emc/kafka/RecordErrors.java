package dev.emc.kafka;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;

import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;

/** What a producer's exception means for the one record that it came for. */
final class RecordErrors {

    private final KafkaErrors errors;
    private final boolean oneTopic;

    /** @param oneTopic whether all records go to the same topic: what is wrong with it isn't the record's fault then */
    RecordErrors(KafkaErrors errors, boolean oneTopic) {
        this.errors = errors;
        this.oneTopic = oneTopic;
    }

    /** Whether it says that the topic isn't there. */
    static boolean isMissingTopic(Throwable error) {
        return error instanceof UnknownTopicOrPartitionException
                || error instanceof TimeoutException && error.getCause() instanceof UnknownTopicOrPartitionException;
    }

    /** What to tell the worker: a {@link PermanentException} when only this record is bad. */
    Exception translate(Exception error, String id, ProducerRecord<byte[], byte[]> record) {
        if (isMissingTopic(error)) {
            String sentence = "Kafka has no topic " + record.topic() + "; create it, or change connector.topic";
            return oneTopic
                    ? new RetryableException(sentence, error)
                    : new PermanentException("Event '" + id + "' can't be written: " + sentence + '.', error);
        }
        if (error instanceof RecordTooLargeException || error instanceof RecordBatchTooLargeException) {
            return new PermanentException(tooLong(error, id, record), error);
        }
        if (isOfRecord(error)) {
            return new PermanentException("Event '" + id + "' can't be written to topic " + record.topic() + " of Kafka: "
                    + KafkaErrors.text(error) + '.', error);
        }
        return errors.translate("writing to Kafka", error);
    }

    private static String tooLong(Exception error, String id, ProducerRecord<byte[], byte[]> record) {
        int bytes = AbstractRecords.estimateSizeInBytesUpperBound(RecordBatch.CURRENT_MAGIC_VALUE, CompressionType.NONE,
                record.key(), record.value(), record.headers().toArray());
        String sentence = "Event '" + id + "' can't be written to topic " + record.topic() + " of Kafka: it is " + bytes
                + " bytes long, ";
        String message = String.valueOf(error.getMessage());
        if (message.contains(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)) {
            return sentence + "more than connector.max-record-bytes; raise that, and max.message.bytes of the topic.";
        }
        return message.contains(ProducerConfig.BUFFER_MEMORY_CONFIG)
                ? sentence + "more than connector.buffer-memory; raise that."
                : sentence
                        + "more than the topic takes; raise max.message.bytes of the topic (or message.max.bytes of the brokers).";
    }

    /** Why a record was not even tried after another one's failure. */
    Exception later(Exception first) {
        return first == null || isMissingTopic(first) || isOfRecord(first)
                ? new RetryableException("another record of the batch could not be written")
                : errors.translate("writing to Kafka", first);
    }

    private boolean isOfRecord(Exception error) {
        return error instanceof RecordTooLargeException || error instanceof RecordBatchTooLargeException
                || error instanceof InvalidRecordException || error instanceof InvalidTimestampException
                || error instanceof SerializationException || error instanceof UnsupportedForMessageFormatException
                || error instanceof PolicyViolationException
                || !oneTopic && (error instanceof InvalidTopicException || error instanceof TopicAuthorizationException);
    }
}
