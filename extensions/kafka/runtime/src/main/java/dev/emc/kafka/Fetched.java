package dev.emc.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.emc.api.Position;
import dev.emc.api.SourceRecord;

/** What the consumer has handed out at once and the worker hasn't asked for yet. */
final class Fetched {

    private final RecordReader reader;
    private List<SourceRecord> records = new ArrayList<>();
    private int next;

    Fetched(RecordReader reader) {
        this.reader = reader;
    }

    boolean isEmpty() {
        return next == records.size();
    }

    int size() {
        return records.size() - next;
    }

    void add(ConsumerRecords<byte[], byte[]> fetched) {
        if (isEmpty()) {
            records = new ArrayList<>(fetched.count());
            next = 0;
        }
        for (TopicPartition partition : fetched.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> list = fetched.records(partition);
            int last = list.size() - 1;
            for (int i = 0; i < last; i++) {
                records.add(reader.read(list.get(i), list.get(i).offset() + 1));
            }
            // with the markers of transactions that come after it
            OffsetAndMetadata after = fetched.nextOffsets().get(partition);
            records.add(reader.read(list.get(last), after == null ? list.get(last).offset() + 1 : after.offset()));
        }
    }

    List<SourceRecord> take(int most) {
        int end = Math.min(records.size(), next + most);
        List<SourceRecord> taken = new ArrayList<>(records.subList(next, end));
        next = end;
        return taken;
    }

    /** Forgets the records of partitions that somebody else reads. */
    void drop(Collection<TopicPartition> partitions) {
        if (!isEmpty()) {
            Set<Map<String, Object>> gone = new HashSet<>();
            partitions.forEach(partition -> gone.add(RecordReader.partition(partition)));
            List<SourceRecord> left = new ArrayList<>(records.subList(next, records.size()));
            left.removeIf(record -> gone.contains(((Position) record.progress()).partition()));
            records = left;
            next = 0;
        }
    }
}
