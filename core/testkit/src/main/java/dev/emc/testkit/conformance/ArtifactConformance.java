package dev.emc.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.Await;
import dev.emc.testkit.EmcProcess;

/**
 * The smoke part of the suites, for what users run: the packaged jar, or the native executable with the system property
 * {@code emc.artifacts=native}.
 */
@Timeout(180)
abstract class ArtifactConformance<D extends ConnectorDriver<?>> extends DriverSuite<D> {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private int httpPort;

    @BeforeEach
    void newPort() throws IOException {
        httpPort = EmcProcess.freePort();
    }

    /** Sends records through a running artifact and waits until all have come, whatever their order. */
    abstract void carries(EmcProcess process, String topic, List<ConnectorRecord> records) throws Exception;

    /** The variables that lead the sample config file to a new place and this test's mesh. */
    private Map<String, String> variables(SampleConfig sample) throws Exception {
        place = driver.samplePlace();
        Map<String, String> variables = sample.variables(ConfigKeys.of(mesh.address(), work, place));
        variables.put("EMC_HTTP_PORT", Integer.toString(httpPort));
        return variables;
    }

    /** Starts the artifact with a config file of this test's place. */
    final EmcProcess start(String... more) throws IOException {
        Map<String, String> keys = ConfigKeys.of(mesh.address(), work, place, more);
        keys.put("http.port", Integer.toString(httpPort));
        ConfigKeys.write(work.resolve("connector.yaml"), keys);
        return open(EmcProcess.start(driver.name(), work, "--config", "connector.yaml"));
    }

    /** The sample config file that the artifact gives to its users; it is then in the folder of this test. */
    private SampleConfig sample() throws Exception {
        EmcProcess process = open(EmcProcess.start(driver.name(), work, "describe", "--format", "sample"));
        assertEquals(0, process.awaitExit(DEADLINE), process::output);
        Files.writeString(work.resolve("sample.yaml"), process.output());
        return SampleConfig.of(process.output());
    }

    /** Waits until the artifact says that it is ready. */
    final EmcProcess awaitReady(EmcProcess process) throws Exception {
        Await.until(() -> driver.name() + " is ready; it said:\n" + process.output(), DEADLINE, () -> {
            assertTrue(process.alive(), () -> driver.name() + " ended; it said:\n" + process.output());
            return status("/q/health/ready") == 200;
        });
        return process;
    }

    private int status(String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + httpPort + path).toURL()
                    .openConnection();
            connection.setReadTimeout(5000);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status;
        } catch (IOException notYet) {
            return 0;
        }
    }

    final void await(EmcProcess process, String what, Await.Condition condition) throws Exception {
        Await.until(() -> what + "; " + driver.name() + " said:\n" + process.output(), DEADLINE, condition);
    }

    final void assertEnds(EmcProcess process, int exitCode, String saying) throws Exception {
        assertEquals(exitCode, process.awaitExit(DEADLINE), process::output);
        assertTrue(process.output().contains(saying), process::output);
        assertFalse(process.output().contains("\tat "), () -> "a stack trace:\n" + process.output());
    }

    final void assertDrains(EmcProcess process) throws InterruptedException {
        assertEquals(0, process.terminate(DEADLINE), process::output);
    }

    @Test
    void itGetsReadyAndEndsWithZeroOnSigterm() throws Exception {
        EmcProcess process = awaitReady(start());
        assertEquals(200, status("/q/health/live"));
        assertEquals(200, status("/q/metrics"));
        assertEquals(200, status("/status"));
        assertDrains(process);
        assertFalse(process.output().contains("sEcReT"), process::output);
    }

    @Test
    void theSampleRuns() throws Exception {
        SampleConfig sample = sample();
        EmcProcess process = awaitReady(open(EmcProcess.start(driver.name(), work, variables(sample), "--config",
                "sample.yaml")));
        carries(process, sample.topic(), driver.sampleRecords());
        assertDrains(process);
    }

    /** With {@code -Demc.record=true} the figures of the native executable go to native-images/measured. */
    @TestFactory
    Stream<DynamicTest> itIsMeasured() {
        return Boolean.getBoolean("emc.record")
                ? Stream.of(DynamicTest.dynamicTest("itIsMeasured", this::measure))
                : Stream.empty();
    }

    private void measure() throws Exception {
        SampleConfig sample = sample();
        Path log = work.resolve("measure.log");
        ProcessBuilder measure = new ProcessBuilder(EmcProcess.root().resolve("native-images/measure").toString(), "--record",
                driver.name(), "--config", "sample.yaml").directory(work.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        measure.environment().putAll(variables(sample));
        int exitCode = measure.start().waitFor();
        assertEquals(0, exitCode, Files.readString(log));
    }

    @Test
    void anUnknownKeyEndsWithTwo() throws Exception {
        assertEnds(start("connector.no-such-key", "1"), 2, "connector.no-such-key");
    }

    @Test
    void aMeshThatIsNotThereEndsWithThree() throws Exception {
        String address = "127.0.0.1:" + EmcProcess.freePort();
        assertEnds(start("mesh.address", address, "mesh.connect-timeout", "300ms"), 3, address);
    }

    @Test
    void aSystemThatIsNotThereEndsWithTwoOrThree() throws Exception {
        driver.breakSystem();
        try {
            EmcProcess process = start("mesh.connect-timeout", "300ms");
            int exitCode = process.awaitExit(DEADLINE);
            assertTrue(exitCode == 2 || exitCode == 3, () -> exitCode + "\n" + process.output());
        } finally {
            driver.mendSystem();
        }
    }
}
