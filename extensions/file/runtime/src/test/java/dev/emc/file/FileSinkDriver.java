package dev.emc.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SinkDriver;
import dev.emc.wire.StructuredJson;

/** A folder for the file sink to write to. */
public final class FileSinkDriver extends FolderDriver<FileSinkConfig> implements SinkDriver<FileSinkConfig> {

    public FileSinkDriver() {
        super("file-sink", FileSinkConfig.class);
    }

    @Override
    public FileSink create(FileSinkConfig config) {
        return new FileSink(config);
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(Feature.IDEMPOTENT, Feature.REPLAY, Feature.UNREADABLE));
    }

    /** A folder; the suite's events all go to one file in it, because none has a shard. */
    @Override
    public Map<String, String> newPlace() {
        return Map.of("path", next() + "/{shard}{shard}{shard}.ndjson");
    }

    @Override
    public List<ConnectorRecord> read(Map<String, String> place) throws Exception {
        Path at = Path.of(place.get("path")).getParent();
        List<ConnectorRecord> records = new ArrayList<>();
        if (Files.isDirectory(at)) {
            try (Stream<Path> files = Files.list(at)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".ndjson")).sorted().toList()) {
                    readFile(file, records);
                }
            }
        }
        return records;
    }

    private static void readFile(Path file, List<ConnectorRecord> records) throws Exception {
        String text = Files.readString(file);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            records.add(StructuredJson.read(line.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** No file can have so long a name. */
    @Override
    public Optional<ConnectorRecord> poison(ConnectorRecord event) {
        return Optional.of(ConnectorRecord.builder().attributes(event.attributes()).data(event.data())
                .contentType(event.contentType()).attribute("shard", "x".repeat(300)).build());
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("timezone", "Mars/Olympus", "rotate.records", "0", "max-open-files", "0");
    }
}
