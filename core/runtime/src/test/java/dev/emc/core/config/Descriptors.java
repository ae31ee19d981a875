package dev.emc.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Descriptors like those of the file connectors. */
public final class Descriptors {

    private Descriptors() {}

    public static Descriptor fileSink() {
        return read("file-sink");
    }

    public static Descriptor fileSource() {
        return read("file-source");
    }

    private static Descriptor read(String name) {
        try (InputStream in = Descriptors.class.getResourceAsStream("/descriptors/" + name + ".json")) {
            return DescriptorJson.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
