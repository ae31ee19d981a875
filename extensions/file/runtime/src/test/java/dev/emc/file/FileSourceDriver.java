package dev.emc.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SourceDriver;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** A folder with files for the file source to follow. */
public final class FileSourceDriver extends FolderDriver<FileSourceConfig> implements SourceDriver<FileSourceConfig> {

    private final boolean cloudEvents;

    private FileSourceDriver(boolean cloudEvents) {
        super("file-source", FileSourceConfig.class);
        this.cloudEvents = cloudEvents;
    }

    /** Each line is a payload. */
    public static FileSourceDriver ofLines() {
        return new FileSourceDriver(false);
    }

    /** Each line is a CloudEvent. */
    public static FileSourceDriver ofEvents() {
        return new FileSourceDriver(true);
    }

    @Override
    public FileSource create(FileSourceConfig config) {
        return new FileSource(config);
    }

    @Override
    public Set<Feature> features() {
        return cloudEvents
                ? EnumSet.complementOf(EnumSet.of(Feature.IDEMPOTENT))
                : EnumSet.of(Feature.ORDER, Feature.REPLAY, Feature.EMPTY);
    }

    @Override
    public Map<String, String> newPlace() throws IOException {
        Path file = Files.createFile(next());
        return Map.of("path", file.toString(), "format", cloudEvents ? "cloudevents" : "lines", "scan-interval", "20ms",
                "max-record-bytes", "4M");
    }

    @Override
    public void write(Map<String, String> place, List<ConnectorRecord> records) throws IOException, EventFormatException {
        try (OutputStream file = Files.newOutputStream(Path.of(place.get("path")), StandardOpenOption.APPEND)) {
            for (ConnectorRecord record : records) {
                file.write(cloudEvents ? StructuredJson.write(record) : record.data());
                file.write('\n');
            }
        }
    }

    /** A line that is no event. */
    @Override
    public void writePoison(Map<String, String> place) throws IOException {
        Files.writeString(Path.of(place.get("path")), "{\"id\": 1, no event\n", StandardOpenOption.APPEND);
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("max-record-bytes", "0");
    }
}
