package dev.emc.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

    @TempDir
    Path there;

    @Test
    void eachFolderThatGetsAnotherOneIsForcedToTheDisk() throws Exception {
        Path deep = there.resolve("a").resolve("b").resolve("c");
        assertEquals(List.of(there, there.resolve("a"), there.resolve("a").resolve("b")), Folders.create(deep));
        assertTrue(Files.isDirectory(deep));
    }

    @Test
    void aFolderThatIsThereNeedsNothing() throws Exception {
        assertEquals(List.of(), Folders.create(there));
    }
}
