package dev.emc.testkit.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.PermanentException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;

/** Writes the payload of each record on a line. Some are refused. */
final class JournalSink implements Sink {

    private final Journal target;
    private final Duration pause;
    private final Killer killer;

    JournalSink(Path target, Duration pause, Killer killer) throws Exception {
        this.target = new Journal(target);
        this.pause = pause;
        this.killer = killer;
    }

    @Override
    public void start(SinkContext context) {}

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws Exception {
        Thread.sleep(pause.toMillis());
        killer.pass(KillPoint.SINK_BEFORE_WRITE);
        List<Failure> failures = new ArrayList<>();
        for (ConnectorRecord record : batch) {
            if (NumberSource.isBad(Long.parseLong(record.text()))) {
                failures.add(new Failure(record, new PermanentException("the number " + record.text() + " is refused")));
                continue;
            }
            killer.pass(KillPoint.SINK_WITHIN_WRITE);
            target.add(record.text());
        }
        killer.pass(KillPoint.SINK_AFTER_WRITE);
        return failures;
    }

    @Override
    public void close() throws Exception {
        target.close();
    }
}
