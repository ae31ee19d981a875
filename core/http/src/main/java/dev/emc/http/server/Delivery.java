package dev.emc.http.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.emc.api.Acknowledgement;
import dev.emc.api.SourceRecord;

/** The records of one request. Its caller gets the answer when all of them have had their fate. */
public final class Delivery implements Acknowledgement {

    private final Exchange exchange;
    private final Answer accepted;
    private final Answer rejected;
    private final AtomicInteger open = new AtomicInteger();
    private final Runnable whenAccepted;
    private volatile boolean failed;
    private List<SourceRecord> records = List.of();

    /**
     * @param accepted the answer when the mesh has all records
     * @param rejected the answer when it hasn't, and they may be sent again
     */
    public Delivery(Exchange exchange, Answer accepted, Answer rejected) {
        this(exchange, accepted, rejected, () -> {});
    }

    /**
     * @param accepted the answer when the mesh has all records
     * @param rejected the answer when it hasn't, and they may be sent again
     * @param whenAccepted done before the first of the two, also when the caller has gone; must not block
     */
    public Delivery(Exchange exchange, Answer accepted, Answer rejected, Runnable whenAccepted) {
        this.exchange = exchange;
        this.accepted = accepted;
        this.rejected = rejected;
        this.whenAccepted = whenAccepted;
    }

    /** Builds the records, which were begun with this as their acknowledgement. */
    public void build(List<SourceRecord.Builder> builders) {
        List<SourceRecord> built = new ArrayList<>(builders.size());
        builders.forEach(builder -> built.add(builder.build()));
        open.set(built.size());
        records = built;
    }

    /** What the records take in memory. */
    long bytes() {
        return records.stream().mapToLong(SourceRecord::size).sum();
    }

    public List<SourceRecord> records() {
        return records;
    }

    /** Whether nobody waits for the answer any more, so that it need not be read. */
    boolean isOver() {
        return exchange.isOver();
    }

    @Override
    public void accepted() {
        settle();
    }

    @Override
    public void rejected(Exception reason) {
        failed = true;
        settle();
    }

    private void settle() {
        if (open.decrementAndGet() == 0) {
            if (!failed) {
                whenAccepted.run();
            }
            exchange.answer(failed ? rejected : accepted);
        }
    }

    /** None of the records has been taken. */
    void giveBack() {
        exchange.answer(rejected);
    }
}
