package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A file that a program writes lines to. */
final class TextFile implements Target {

    private final GrowingFile file;

    TextFile(Path path) {
        file = new GrowingFile(path);
    }

    @Override
    public long arrived() throws IOException {
        return file.poll().distinct();
    }

    @Override
    public void verify(int events) throws IOException {
        Target.require(file.poll().distinct(), events);
        file.close();
    }
}
