package dev.emc.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.api.Check;
import dev.emc.testkit.Configs;

/** What {@code doctor} finds out about files, without changing any. */
class FileChecksTest {

    @TempDir
    Path folder;

    private List<Check> sink(Object path) throws Exception {
        return new FileSink(Configs.of(FileSinkConfig.class, "path", path)).check();
    }

    private Check source(Object... keysAndValues) throws Exception {
        List<Check> checks = new FileSource(Configs.of(FileSourceConfig.class, keysAndValues)).check();
        assertEquals(1, checks.size(), checks::toString);
        return checks.get(0);
    }

    @Test
    void aFolderThatIsMissingCanBeCreated() throws Exception {
        assertEquals(Check.passed("folder " + folder.resolve("a/b"), "is not there yet and can be created"),
                sink(folder.resolve("a/b/out.ndjson")).get(0));
    }

    @Test
    void nothingIsCreated() throws Exception {
        sink(folder.resolve("a/b/out.ndjson"));
        sink(folder + "/{topic}/out.ndjson");
        source("path", folder.resolve("in"));

        assertEquals(List.of(), content());
    }

    @Test
    void anExistingFileIsToldWithItsSize() throws Exception {
        Path file = Files.writeString(folder.resolve("out"), "x".repeat(1234));

        List<Check> checks = sink(file);

        assertEquals(Check.passed("file " + file, "is there with 1,234 bytes and can be appended to"), checks.get(0));
        assertEquals(Check.passed("folder " + folder, "can be written to"), checks.get(1));
    }

    @Test
    void theRoomOnTheDiskIsTold() throws Exception {
        Check room = sink(folder.resolve("out")).get(1);

        assertTrue(room.message().matches("[0-9,]+ MB free"), room::toString);
    }

    @Test
    void aFileInPlaceOfAFolderFails() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertEquals(List.of(Check.failed("folder " + file.resolve("a"), file + " is a file, not a folder",
                "correct connector.path")), sink(file.resolve("a/out")));
    }

    @Test
    void aFolderInPlaceOfAFileFails() throws Exception {
        assertEquals(List.of(Check.failed("file " + folder, "is a folder",
                "give connector.path the name of a file in it")), sink(folder));
    }

    @Test
    void theFolderOfAPatternIsLookedAt() throws Exception {
        assertEquals(Check.passed("folder " + folder, "can be written to"), sink(folder + "/{topic}.ndjson").get(0));
    }

    @Test
    void aDeviceCanBeWrittenTo() throws Exception {
        assertEquals(List.of(Check.passed("file /dev/null", "is a device or a pipe and can be written to")), sink("/dev/null"));
    }

    @Test
    void matchingFilesAreCounted() throws Exception {
        Files.writeString(folder.resolve("a.log"), "12345");
        Files.writeString(folder.resolve("b.log"), "123");
        Files.writeString(folder.resolve("c.txt"), "");

        assertEquals(Check.passed("pattern " + folder + "/*.log", "2 files, 8 bytes"), source("path", folder + "/*.log"));
    }

    @Test
    void aFollowedFileMayBeMissing() throws Exception {
        Path file = folder.resolve("in.log");

        assertEquals(Check.passed("file " + file, "no file yet: it is waited for"), source("path", file));
    }

    @Test
    void aFileThatIsNotFollowedMustBeThere() throws Exception {
        Path file = folder.resolve("in.log");

        assertEquals(Check.failed("file " + file, "no such file or folder",
                "correct connector.path, or wait for it with connector.follow: true"),
                source("path", file, "follow", false));
    }

    @Test
    void anEmptyFolderThatIsNotFollowedFails() throws Exception {
        assertEquals(Check.failed("folder " + folder, "there is no file",
                "correct connector.path, or wait for it with connector.follow: true"),
                source("path", folder, "follow", false));
    }

    @Test
    void aFileInPlaceOfASourcesFolderFails() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path path = file.resolve("in.log");

        assertEquals(
                Check.failed("file " + path,
                        path + ": " + file + " is not a folder for user '" + System.getProperty("user.name") + "'",
                        "change its rights or connector.path"),
                source("path", path));
    }

    @Test
    void aDeviceIsNoWholeFile() throws Exception {
        assertEquals(Check.failed("file /dev/zero", "is a device or a pipe, and connector.format whole needs files",
                "use lines, cloudevents or csv"), source("path", "/dev/zero", "format", "whole"));
    }

    private List<Path> content() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
