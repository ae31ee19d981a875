package dev.emc.core.cli;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.core.config.ActiveSettings;
import dev.emc.core.config.Descriptors;

/** A test of command lines; of the file sink, unless it puts another descriptor into its fixture. */
abstract class CommandTest {

    @TempDir
    Path folder;
    CommandLineFixture emc;

    @BeforeEach
    void makeFixture() {
        emc = new CommandLineFixture(folder, Descriptors.fileSink());
    }

    @AfterEach
    void forget() {
        ActiveSettings.clear();
    }
}
