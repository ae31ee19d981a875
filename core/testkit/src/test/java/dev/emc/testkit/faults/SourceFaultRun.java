package dev.emc.testkit.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.Position;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.registry.FileOffsets;
import dev.emc.testkit.Await;
import dev.emc.testkit.MeshReader;

/** A source that dies. */
final class SourceFaultRun extends FaultRun {

    private static final int RECORDS = 400;

    private final MeshReader reader;

    SourceFaultRun(Path folder, Random random) throws Exception {
        super(folder, random);
        reader = new MeshReader(mesh.address(), FaultyWorker.TOPIC);
    }

    @Override
    boolean isSource() {
        return true;
    }

    @Override
    int records() {
        return RECORDS;
    }

    @Override
    void awaitWorkDone(WorkerProcess worker) throws Exception {
        worker.await(); // it ends by itself
    }

    @Override
    boolean moves() {
        return reader.count() > 0;
    }

    /** What the registry says is done has to be in the mesh or among the dead letters; what is committed, in the registry. */
    @Override
    void checkAtAnyTime() throws Exception {
        Map<Long, Long> saved = saved();
        Set<String> done = new HashSet<>(deadLetters());
        Await.until("what is saved has reached the mesh", () -> {
            reader.records().forEach(record -> done.add(record.text()));
            return missing(saved, done).isEmpty();
        });
        for (String line : Journal.lines(folder.resolve("committed"))) {
            long partition = Long.parseLong(line.substring(0, line.indexOf('/')));
            long number = Long.parseLong(line.substring(line.indexOf('/') + 1));
            if (number > saved.getOrDefault(partition, 0L)) {
                throw new AssertionError("committed " + line + ", but saved only " + saved);
            }
        }
    }

    private Map<Long, Long> saved() throws Exception {
        Map<Long, Long> saved = new HashMap<>();
        try (FileOffsets offsets = new FileOffsets(folder.resolve("registry"))) {
            for (Position position : offsets.read(FaultyWorker.NAME).map(OffsetStore.Content::positions).orElse(List.of())) {
                saved.put((Long) position.partition().get("partition"), (Long) position.offset().get("number"));
            }
        }
        return saved;
    }

    private static List<String> missing(Map<Long, Long> saved, Set<String> done) {
        List<String> missing = new ArrayList<>();
        saved.forEach((partition, last) -> {
            for (long number = 1; number <= last; number++) {
                String text = NumberSource.text(partition.intValue(), number);
                if (!done.contains(text)) {
                    missing.add(text);
                }
            }
        });
        return missing;
    }

    @Override
    String checkAtTheEnd() throws Exception {
        checkAtAnyTime();
        Map<Long, Long> all = new HashMap<>();
        for (long p = 0; p < NumberSource.PARTITIONS; p++) {
            all.put(p, (long) RECORDS);
        }
        if (!saved().equals(all)) {
            throw new AssertionError("all is done, but saved is only " + saved());
        }
        Map<String, String> ids = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        List<ConnectorRecord> records = reader.records();
        for (ConnectorRecord record : records) {
            String id = ids.putIfAbsent(record.text(), record.id());
            String text = texts.putIfAbsent(record.id(), record.text());
            if (id != null && !id.equals(record.id()) || text != null && !text.equals(record.text())) {
                wrong.add(record.text() + " with id " + record.id() + ", before " + id);
            }
        }
        assertNone(wrong, "events changed their id");
        Set<String> dead = new HashSet<>(deadLetters());
        assertNone(dead.stream().filter(ids::containsKey).toList(), "records are both events and dead letters");
        return ids.size() + " events, " + (records.size() - ids.size()) + " of them twice; " + dead.size()
                + " dead letters, " + (deadLetters().size() - dead.size()) + " of them twice";
    }

    @Override
    public void close() throws Exception {
        reader.close();
        super.close();
    }
}
