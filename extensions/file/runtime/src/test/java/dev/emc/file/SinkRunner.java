package dev.emc.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.SinkContext;
import dev.emc.testkit.Configs;

/** Starts sinks as the worker does, and looks at what they write. */
final class SinkRunner {

    private SinkRunner() {}

    static FileSink started(Object... keysAndValues) throws Exception {
        return start(new FileSink(Configs.of(FileSinkConfig.class, keysAndValues)));
    }

    static FileSink start(FileSink sink) throws Exception {
        sink.start(new SinkContext() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public List<String> topics() {
                return List.of("orders");
            }
        });
        return sink;
    }

    static ConnectorRecord record(String data) {
        return ConnectorRecord.builder().text(data).contentType("text/plain").topic("orders")
                .attribute("id", "id-" + data.hashCode())
                .attribute("source", "/test").attribute("type", "test.type").build();
    }

    static List<ConnectorRecord> records(String... data) {
        return Arrays.stream(data).map(SinkRunner::record).toList();
    }

    static List<ConnectorRecord> numbered(int from, int to) {
        List<ConnectorRecord> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(record("record-" + i));
        }
        return records;
    }

    static List<String> numberedText(int from, int to) {
        return numbered(from, to).stream().map(ConnectorRecord::text).toList();
    }

    static String gunzip(Path file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Names of the files of a folder that are not hidden, sorted. */
    static List<String> names(Path folder) throws IOException {
        return all(folder).stream().filter(name -> !name.startsWith(".")).toList();
    }

    static List<String> all(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** A folder as a crash of the process would leave it now. */
    static Path crashed(Path folder, Path copy) throws IOException {
        Files.createDirectories(copy);
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.toList()) {
                Path target = copy.resolve(folder.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
        return copy;
    }
}
