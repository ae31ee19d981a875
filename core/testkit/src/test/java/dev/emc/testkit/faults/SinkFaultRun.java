package dev.emc.testkit.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import dev.emc.api.ConnectorRecord;
import dev.emc.meshserver.MeshStats.GroupStats;
import dev.emc.testkit.Await;
import dev.emc.testkit.MeshWriter;

/** A sink that dies. */
final class SinkFaultRun extends FaultRun {

    private static final int RECORDS = 1200;

    SinkFaultRun(Path folder, Random random) throws Exception {
        super(folder, random);
        try (MeshWriter writer = new MeshWriter(mesh.address(), FaultyWorker.TOPIC)) {
            writer.publish(IntStream.rangeClosed(1, RECORDS).mapToObj(SinkFaultRun::record).toList());
        }
    }

    static ConnectorRecord record(int number) {
        return ConnectorRecord.builder().attribute("id", "number-" + number).attribute("source", "/faults")
                .attribute("type", "number").text(Integer.toString(number)).contentType("text/plain").build();
    }

    @Override
    boolean isSource() {
        return false;
    }

    @Override
    int records() {
        return RECORDS;
    }

    private GroupStats group() {
        return mesh.server().stats().topic(FaultyWorker.TOPIC).group(FaultyWorker.NAME);
    }

    @Override
    void awaitWorkDone(WorkerProcess worker) throws Exception {
        Await.until(() -> "all is acknowledged; " + group() + "\n" + worker.output(), Await.DEADLINE.multipliedBy(2),
                () -> worker.ended() || group().acknowledged() >= RECORDS);
    }

    @Override
    boolean moves() {
        return group().acknowledged() > 0;
    }

    /** What is acknowledged has to be at the target or among the dead letters. */
    @Override
    void checkAtAnyTime() throws Exception {
        long acknowledged = group().acknowledged();
        Set<String> done = done();
        if (acknowledged > done.size()) {
            throw new AssertionError(acknowledged + " are acknowledged, but only " + done.size() + " are safe");
        }
    }

    private Set<String> done() throws Exception {
        Set<String> done = new HashSet<>(Journal.lines(folder.resolve("target")));
        done.addAll(deadLetters());
        return done;
    }

    @Override
    String checkAtTheEnd() throws Exception {
        checkAtAnyTime();
        Set<String> done = done();
        List<String> missing = new ArrayList<>(
                IntStream.rangeClosed(1, RECORDS).mapToObj(Integer::toString).filter(text -> !done.contains(text)).toList());
        assertNone(missing, "records are lost");
        List<String> written = Journal.lines(folder.resolve("target"));
        List<String> dead = deadLetters();
        Set<String> distinct = new HashSet<>(written);
        Set<String> distinctDead = new HashSet<>(dead);
        assertNone(dead.stream().filter(distinct::contains).toList(), "records are both written and dead letters");
        return distinct.size() + " records, " + (written.size() - distinct.size()) + " of them written twice; "
                + distinctDead.size() + " dead letters, " + (dead.size() - distinctDead.size()) + " of them twice";
    }
}
