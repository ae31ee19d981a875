package dev.emc.testkit.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.meshserver.MeshServerConfig;
import dev.emc.testkit.EmbeddedMesh;

/** What all suites have: one outside system, and for each test a new mesh, a new place in the system, and a folder. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DriverSuite<D extends ConnectorDriver<?>> {

    static final String TOPIC = ConfigKeys.TOPIC;

    @TempDir
    Path folder;

    D driver;
    EmbeddedMesh mesh;
    Map<String, String> place;
    Path work;
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private int test;

    /** The driver, with its outside system up; called once. */
    protected abstract D driver() throws Exception;

    @BeforeAll
    void startSystem() throws Exception {
        driver = driver();
    }

    @AfterAll
    void stopSystem() throws Exception {
        if (driver != null) {
            driver.close();
        }
    }

    @BeforeEach
    void newTest() throws Exception {
        work = Files.createDirectories(folder.resolve("test-" + ++test));
        mesh = open(EmbeddedMesh.start(MeshServerConfig.builder().log(line -> {})));
        place = driver.newPlace();
    }

    @AfterEach
    void endTest() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }

    /** Is closed when the test ends, the newest first. */
    final <T extends AutoCloseable> T open(T resource) {
        toClose.push(resource);
        return resource;
    }
}
