package dev.emc.file;

import java.io.IOException;
import java.nio.file.Path;

import dev.emc.testkit.conformance.ConnectorDriver;

/** A folder for the connectors of files. It breaks by going away. */
abstract class FolderDriver<C> implements ConnectorDriver<C> {

    private final String name;
    private final Class<C> configClass;
    private final MovableFolder folder = new MovableFolder();
    private int places;

    FolderDriver(String name, Class<C> configClass) {
        this.name = name;
        this.configClass = configClass;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Class<C> configClass() {
        return configClass;
    }

    /** A path in the folder that was not given before. */
    final Path next() {
        return folder.path().resolve("place-" + ++places);
    }

    @Override
    public final void breakSystem() throws IOException {
        folder.moveAway();
    }

    @Override
    public final void mendSystem() throws IOException {
        folder.moveBack();
    }

    @Override
    public final void close() throws IOException {
        folder.delete();
    }
}
