package dev.emc.kafka;

import java.util.List;

import org.apache.kafka.clients.consumer.InvalidOffsetException;

import dev.emc.api.SourceRecord;

/** Which partitions a source reads, from where on, and where its progress goes. */
interface Reading {

    /** Looks whether the topics are there, and takes partitions. */
    void begin() throws Exception;

    /** Is called before each poll. */
    default void refresh() throws Exception {}

    /** Some partitions have no place to read from: gives them one. */
    void recover(InvalidOffsetException nowhere) throws Exception;

    /** Makes progress durable at the brokers. */
    default void commit(List<SourceRecord> accepted) throws Exception {}

    /** The consumer is about to be closed. */
    default void end() {}
}
