package dev.emc.testkit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.emc.core.deadletters.DeadLetterFile;
import dev.emc.testkit.Await;
import dev.emc.testkit.EmbeddedMesh;

/** Runs a worker, kills it some times, lets it finish, and checks after each death and at the end. */
abstract class FaultRun implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** libfaketime looks into its file once a second; at each call it would slow down the process by far. */
    private static final long CLOCK_CACHE_MILLIS = 1100;

    final Path folder;
    final EmbeddedMesh mesh = EmbeddedMesh.start();
    private final Random random;
    private final boolean strict;
    private final List<String> deaths = new ArrayList<>();

    FaultRun(Path folder, Random random) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.random = random;
        this.strict = random.nextInt(4) == 0;
    }

    static FaultRun of(boolean source, Path folder, Random random) throws Exception {
        return source ? new SourceFaultRun(folder, random) : new SinkFaultRun(folder, random);
    }

    abstract boolean isSource();

    /** Of each partition. */
    abstract int records();

    /** Returns when the worker has nothing more to do, or has ended. */
    abstract void awaitWorkDone(WorkerProcess worker) throws Exception;

    /** Whether something has come through. */
    abstract boolean moves() throws Exception;

    /** What must be true at any time. */
    abstract void checkAtAnyTime() throws Exception;

    /** What must be true when all is done. @return what to tell */
    abstract String checkAtTheEnd() throws Exception;

    /**
     * Dies so many times, at a step that the function names each time; null: at any moment.
     *
     * @return what happened, for the log
     */
    final String run(int kills, Supplier<KillPoint> point) throws Exception {
        boolean finished = false;
        for (int i = 0; i < kills && !finished; i++) {
            KillPoint step = point.get();
            finished = step == null ? killAtAnyMoment() : dieAt(step, 1 + random.nextInt(step.passes()));
            awaitNoSession();
            checkAtAnyTime();
        }
        if (!finished) {
            try (WorkerProcess worker = start(null, 0)) {
                finish(worker);
            }
        }
        return (strict ? "strict order, " : "") + "died " + deaths + "; " + checkAtTheEnd();
    }

    private WorkerProcess start(KillPoint point, int pass) throws Exception {
        return WorkerProcess.start(arguments(point, pass, 0));
    }

    private List<String> arguments(KillPoint point, int pass, int pauseMillis) {
        return List.of(isSource() ? "source" : "sink", mesh.address(), folder.toString(), Integer.toString(records()),
                point == null ? "-" : point.name(), Integer.toString(pass), strict ? "strict" : "relaxed",
                Integer.toString(pauseMillis));
    }

    /** Lets the disk be full for a while, once a file has so many kibibytes. @return what happened, for the log */
    final String runOnFullDisk(int kibibytes) throws Exception {
        try (WorkerProcess worker = WorkerProcess.startOnFullDisk(kibibytes, arguments(null, 0, 0))) {
            Await.until(() -> "the worker says that it tries again; it said:\n" + worker.output(), Await.DEADLINE,
                    () -> worker.output().contains("trying again"));
            checkAtAnyTime();
            worker.makeRoom();
            finish(worker);
        }
        return checkAtTheEnd();
    }

    /** @return whether it had finished before it got there */
    private boolean dieAt(KillPoint point, int pass) throws Exception {
        try (WorkerProcess worker = start(point, pass)) {
            awaitWorkDone(worker);
            if (worker.ended() && worker.await() == WorkerProcess.KILLED) {
                deaths.add(point + " " + pass);
                return false;
            }
            finish(worker);
            return true;
        }
    }

    private boolean killAtAnyMoment() throws Exception {
        try (WorkerProcess worker = start(null, 0)) {
            Thread.sleep(random.nextInt(800));
            worker.kill();
            deaths.add("at any moment");
            return worker.await() == 0;
        }
    }

    private void finish(WorkerProcess worker) throws Exception {
        awaitWorkDone(worker);
        worker.endInput();
        assertEquals(0, worker.await(), worker::output);
    }

    /** Lets the time of day jump while records move. @return what happened, for the log */
    final String runWithClock(Path library, List<String> jumps) throws Exception {
        Path clock = Files.writeString(folder.resolve("clock"), "+0");
        try (WorkerProcess worker = WorkerProcess.startWithClock(library, clock, arguments(null, 0, 80))) {
            Await.until(() -> "records move; it said:\n" + worker.output(), Await.DEADLINE, this::moves);
            for (String jump : jumps) {
                Files.writeString(clock, jump);
                Thread.sleep(CLOCK_CACHE_MILLIS);
                assertTrue(!worker.ended() || jump.equals(jumps.get(jumps.size() - 1)), worker::output);
            }
            finish(worker);
        }
        return checkAtTheEnd();
    }

    /** How often it has died. */
    final int deaths() {
        return deaths.size();
    }

    /** The mesh has noticed that the process is gone, and has taken in all that it had sent. */
    private void awaitNoSession() throws Exception {
        Await.until("the mesh notices the death", () -> mesh.server().stats().sessions() <= (isSource() ? 1 : 0));
    }

    /** The payloads of all dead letters; one may be there twice. */
    final List<String> deadLetters() throws Exception {
        List<String> texts = new ArrayList<>();
        Path file = DeadLetterFile.of(folder.resolve(FaultyWorker.DEAD_LETTERS), FaultyWorker.NAME).path();
        for (String line : Journal.lines(file)) {
            texts.add(JSON.readTree(line).path("event").path("data").asText());
        }
        return texts;
    }

    static void assertNone(List<String> wrong, String what) {
        assertTrue(wrong.isEmpty(),
                () -> wrong.size() + " " + what + ", the first of them: " + wrong.stream().limit(5).toList());
    }

    @Override
    public void close() throws Exception {
        mesh.close();
    }
}
