package dev.emc.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.Connector;
import dev.emc.api.ConnectorRecord;
import dev.emc.core.config.Description;
import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Json;
import dev.emc.core.config.Settings;
import dev.emc.core.engine.ConnectorWorker;
import dev.emc.core.engine.Outcome;
import dev.emc.core.engine.WorkerState;
import dev.emc.meshserver.MeshServerConfig;
import dev.emc.testkit.Await;
import dev.emc.testkit.EmbeddedMesh;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.RunningWorker;
import dev.emc.testkit.StandInThreads;

/**
 * What both suites have in common: the worker of an application, put together from a config file in this JVM, between an
 * embedded mesh and the real outside system.
 */
@Timeout(90)
abstract class ConnectorConformance<C, D extends ConnectorDriver<C>> extends DriverSuite<D> {

    /** At the key of a typing error, where a message might repeat it. */
    private static final String MISPLACED = "mIsPlAcEd-sEcReT";
    /** A secret that isn't the right one, where a message might repeat it. */
    private static final String WRONG = "wRoNg-sEcReT";

    Wiring<C> wiring;
    private boolean broken;

    /** The worker as an application wires it, with the connector watched. */
    abstract ConnectorWorker worker(Wiring.Configs<C> configs) throws Exception;

    /** Moves a few records all the way through. */
    abstract void moveSome(int from, int to) throws Exception;

    /** Whether anything is at the place of this test, or has come from it. */
    abstract boolean isEmpty() throws Exception;

    @BeforeAll
    void describe() {
        wiring = new Wiring<>(driver);
    }

    /** Puts a mesh in the place of this test's that keeps its events on the disk, as {@link #restartMesh} needs it. */
    final void useDurableMesh() throws IOException {
        mesh.close();
        mesh = open(EmbeddedMesh.start(durable().port(EmcProcess.freePort())));
    }

    private MeshServerConfig.Builder durable() {
        return MeshServerConfig.builder().data(work.resolve("mesh")).log(line -> {});
    }

    /** Before anything is closed, which may need the system. */
    @AfterEach
    void mend() throws Exception {
        if (broken) {
            mendSystem();
        }
    }

    final void breakSystem() throws Exception {
        broken = true;
        driver.breakSystem();
    }

    final void mendSystem() throws Exception {
        driver.mendSystem();
        broken = false;
    }

    /** The mesh dies and comes back at the same address, with its data. */
    final void restartMesh() {
        int port = mesh.port();
        mesh.close();
        mesh = open(EmbeddedMesh.start(durable().port(port)));
    }

    final boolean can(Feature feature) {
        return driver.features().contains(feature);
    }

    /** A config file's keys: this test's place, its mesh, quick retries, and more in pairs. */
    final Map<String, String> keys(String... more) {
        return keysOf(place, more);
    }

    final Map<String, String> keysOf(Map<String, String> at, String... more) {
        return ConfigKeys.of(mesh.address(), work, at, more);
    }

    final Wiring.Configs<C> configs(Map<String, String> keys) throws IOException {
        return wiring.configs(ConfigKeys.write(work.resolve("connector.yaml"), keys));
    }

    /** Starts the worker of a config file with these keys. */
    final RunningWorker start(Map<String, String> keys) throws Exception {
        return open(new RunningWorker(worker(configs(keys))));
    }

    /** Starts a worker for this test's place and waits until it runs. */
    final RunningWorker run(String... more) throws Exception {
        return start(keys(more)).awaitRunning();
    }

    private Connector connector() throws Exception {
        return driver.create(configs(keys()).connector());
    }

    private List<Key> keysOfConnector() {
        return wiring.descriptor().keys().stream().filter(key -> key.name().startsWith("connector.")).toList();
    }

    private Settings checked(Map<String, String> keys) throws IOException {
        return wiring.check(ConfigKeys.write(work.resolve("checked.yaml"), keys));
    }

    // what is the same for sources and sinks

    @Test
    void opensAndCloses() throws Exception {
        RunningWorker worker = run();
        assertTrue(worker.status().ready(), () -> worker.status().toString());
        worker.drain();
    }

    @Test
    void theDriversPlaceIsAValidConfiguration() throws Exception {
        Settings settings = checked(keys());
        assertTrue(settings.problems().isEmpty(), () -> Wiring.text(settings));
        assertEquals(List.of(), connector().validate());
    }

    @Test
    void eachMissingKeyIsNamed() throws Exception {
        for (Key required : keysOfConnector().stream().filter(Key::required).toList()) {
            Map<String, String> keys = keys();
            keys.remove(required.name());
            Settings settings = checked(keys);
            assertTrue(settings.problems().stream().anyMatch(p -> p.isError() && p.text().contains(required.name())),
                    () -> "without " + required.name() + ": " + Wiring.text(settings));
        }
    }

    @Test
    void anUnknownKeyIsAnErrorWithASuggestion() throws Exception {
        for (Key known : keysOfConnector()) {
            String name = known.name();
            String typo = name.substring(0, name.length() - 1) + "qx";
            Settings settings = checked(keys(typo, "1"));
            assertTrue(settings.problems().stream().anyMatch(p -> p.isError() && p.text().contains(typo)),
                    () -> typo + " is no key: " + Wiring.text(settings));
        }
        String first = keysOfConnector().get(0).name();
        String typo = first + "x";
        String said = Wiring.text(checked(keys(typo, "1")));
        assertTrue(said.contains(typo) && said.contains(first + "?"), () -> "no suggestion: " + said);
    }

    @Test
    void settingsThatCantWorkAreRefusedByName() throws Exception {
        for (Map.Entry<String, String> wrong : driver.wrongSettings().entrySet()) {
            Map<String, String> keys = keys("connector." + wrong.getKey(), wrong.getValue());
            List<ConfigProblem> problems = driver.create(configs(keys).connector()).validate();
            assertTrue(problems.stream().anyMatch(problem -> problem.key().equals(wrong.getKey())),
                    () -> wrong + " is accepted: " + problems);
        }
    }

    @Test
    void everyKeyIsDocumented() {
        for (Key key : keysOfConnector()) {
            assertTrue(key.doc().length() > 10, () -> key.name() + " needs a sentence of Javadoc: '" + key.doc() + "'");
        }
    }

    @Test
    void secretsAreNeverShown() throws Exception {
        Map<String, String> secrets = new TreeMap<>();
        Map<String, String> keys = keys("mesh.passwort", MISPLACED);
        for (Key key : wiring.descriptor().keys()) {
            if (key.secret() && keys.containsKey(key.name())) {
                secrets.put(key.name(), keys.get(key.name()));
            }
        }
        StringBuilder shown = new StringBuilder(Wiring.text(checked(keys)));
        shown.append(Description.text(wiring.descriptor())).append(Description.example(wiring.descriptor()))
                .append(Description.markdown(wiring.descriptor()))
                .append(Json.text(Description.jsonSchema(wiring.descriptor())));
        try (LogCapture log = new LogCapture()) {
            shown.append(lifeWithTrouble());
            for (String key : secrets.keySet()) {
                shown.append(startWith(key, WRONG));
            }
            shown.append(log.text());
        }
        String all = shown.toString();
        secrets.forEach((key, secret) -> assertFalse(secret.length() > 3 && all.contains(secret),
                () -> "the value of " + key + " is shown: " + around(all, secret)));
        for (String other : List.of(MISPLACED, WRONG)) {
            assertFalse(all.contains(other), () -> "a secret is shown: " + around(all, other));
        }
    }

    /** What a worker says while its outside system fails, at the start and later. */
    private String lifeWithTrouble() throws Exception {
        StringBuilder said = new StringBuilder();
        moveSome(0, 10);
        breakSystem();
        Connector connector = connector();
        said.append(connector).append(connector.validate()).append(connector.check());
        connector.close();
        RunningWorker worker = start(keys("mesh.connect-timeout", "300ms"));
        said.append(worker.status()).append(worker.awaitEnd());
        mendSystem();
        return said.toString();
    }

    /** What a worker says that starts with a secret that may or may not be looked at. */
    private String startWith(String key, String secret) throws Exception {
        RunningWorker worker = start(keys(key, secret, "mesh.connect-timeout", "300ms"));
        Await.until("the worker runs or ends",
                () -> worker.outcome() != null || worker.status().state() == WorkerState.RUNNING);
        String said = worker.status() + " " + worker.outcome();
        worker.abort();
        return said;
    }

    private static String around(String all, String secret) {
        int at = all.indexOf(secret);
        return all.substring(Math.max(0, at - 200), Math.min(all.length(), at + 200));
    }

    @Test
    void aSystemThatIsNotThereEndsTheStartWithASentence() throws Exception {
        breakSystem();
        Outcome outcome = start(keys("mesh.connect-timeout", "300ms")).awaitEnd();
        assertTrue(outcome.exitCode() == Outcome.UNREACHABLE || outcome.exitCode() == Outcome.CONFIGURATION,
                outcome::toString);
        assertSentence(outcome.message());
    }

    @Test
    void aMeshThatIsNotThereEndsTheStartWithThree() throws Exception {
        mesh.close();
        Outcome outcome = start(keys("mesh.connect-timeout", "300ms")).awaitEnd();
        assertEquals(Outcome.UNREACHABLE, outcome.exitCode(), outcome::toString);
        assertTrue(outcome.message().contains(mesh.address()), outcome::message);
    }

    @Test
    void doctorFindsAHealthySystemHealthy() throws Exception {
        try (Connector connector = connector()) {
            List<Check> checks = connector.check();
            assertFalse(checks.isEmpty(), "check() looks at nothing: let it look whether the system can be reached");
            assertTrue(checks.stream().allMatch(Check::passed), checks::toString);
        }
        assertTrue(isEmpty(), "check() must not change anything");
    }

    @Test
    void doctorSaysWhatToDoWhenTheSystemIsBroken() throws Exception {
        breakSystem();
        try (Connector connector = connector()) {
            List<Check> failed = connector.check().stream().filter(check -> !check.passed()).toList();
            assertFalse(failed.isEmpty(), "check() finds nothing wrong with a broken system");
            failed.forEach(check -> {
                assertSentence(check.message());
                assertTrue(check.remedy() != null && !check.remedy().isBlank(), () -> "no remedy: " + check);
            });
        }
    }

    @Test
    void closingWithoutAStartIsFine() throws Exception {
        connector().close();
    }

    @Test
    void nothingIsLeftOpenAfterTheEnd() throws Exception {
        moveSome(0, 10); // what a client library keeps for the whole process is there from now on
        mesh.close();
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        int sockets = openSockets();
        for (int round = 1; round <= 3; round++) {
            mesh = EmbeddedMesh.start();
            moveSome(round * 10, round * 10 + 10);
            mesh.close();
        }
        Await.until(() -> "no thread is left; there is " + newThreads(threads), Duration.ofSeconds(15),
                () -> newThreads(threads).size() <= 1);
        Await.until(() -> "no connection is left; " + openSockets() + " are open, " + sockets + " were before",
                Duration.ofSeconds(15), () -> openSockets() <= sockets);
    }

    /** Threads that weren't there before; one more may be the pool's or the driver's own. */
    private static List<String> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread) && !StandInThreads.contain(thread))
                .map(Thread::getName).sorted().toList();
    }

    private static int openSockets() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.filter(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().startsWith("socket:");
                } catch (IOException goneMeanwhile) {
                    return false;
                }
            }).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // for the suites

    /** One clause for a user: no class name, no stack trace, no line break. */
    static void assertSentence(String text) {
        assertTrue(text != null && text.strip().length() > 10 && text.contains(" "), () -> "no sentence: '" + text + "'");
        assertFalse(text.contains("\n") || text.contains("Exception") || text.contains("\tat "),
                () -> "not for users: '" + text + "'");
    }

    /** All that was sent has to be there; nothing else; in an undisturbed run once. */
    static void assertSameTexts(List<String> sent, List<ConnectorRecord> found, boolean inOrder) {
        List<String> texts = Samples.texts(found);
        if (inOrder) {
            assertEquals(sent, texts);
        } else {
            assertEquals(sent.stream().sorted().toList(), texts.stream().sorted().toList());
        }
    }

    /** All that was sent has to be there, some of it perhaps twice; nothing else. */
    static void assertAtLeastOnce(List<String> sent, List<String> found) {
        Set<String> missing = sent.stream().filter(text -> !Set.copyOf(found).contains(text)).collect(Collectors.toSet());
        assertEquals(Set.of(), missing, "lost");
        Set<String> foreign = found.stream().filter(text -> !Set.copyOf(sent).contains(text)).collect(Collectors.toSet());
        assertEquals(Set.of(), foreign, "never sent");
    }

    /** What the features say is kept has to be the same. */
    final void assertKept(ConnectorRecord sent, ConnectorRecord found) {
        if (can(Feature.ATTRIBUTES)) {
            assertEquals(new TreeMap<>(comparable(sent.attributes())), attributesOf(sent, found));
        }
        if (can(Feature.CONTENT_TYPE)) {
            assertEquals(sent.contentType(), found.contentType());
        }
        if (can(Feature.TIME)) {
            assertEquals(sent.timestamp(), found.timestamp());
        }
    }

    /** The attributes that were sent, as they were found; the system may have added others. */
    private Map<String, Object> attributesOf(ConnectorRecord sent, ConnectorRecord found) {
        Map<String, Object> attributes = new TreeMap<>(comparable(found.attributes()));
        attributes.keySet().retainAll(sent.attributes().keySet());
        return attributes;
    }

    private Map<String, Object> comparable(Map<String, Object> attributes) {
        return attributes.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                entry -> can(Feature.TYPED_ATTRIBUTES) ? entry.getValue() : entry.getValue().toString()));
    }

    /** The lines of the dead-letter file of the worker. */
    final List<String> deadLetters() throws IOException {
        Path file = work.resolve("dead-letters").resolve(driver.name() + ".ndjson");
        return Files.exists(file) ? Files.readAllLines(file) : new ArrayList<>();
    }
}
