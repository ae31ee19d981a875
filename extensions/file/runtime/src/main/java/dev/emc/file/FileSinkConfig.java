package dev.emc.file;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.UpstreamDefault;
import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;

/** Keys of the file sink. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
@UpstreamIgnored(key = "connectorConfig.topic", because = "files are named after the topic of each event, {topic} in connector.path")
@UpstreamIgnored(key = "hourlyFlushEnabled", because = "the hour is part of the file's name, {HH} in connector.path, so each hour has its own file")
public interface FileSinkConfig {

    /**
     * File to append to; folders are created when missing. `-` is standard output. Words in braces make one file for
     * each value: `{topic}`; `{type}`, `{subject}`, `{source}` or any other attribute of the event (`unknown` when it
     * has none; characters that don't belong in a file name are written as `%2F`); the event's time, or the present one
     * when it has none, as `{yyyy}`, `{MM}`, `{dd}`, `{HH}`, `{mm}`, also joined as in `{yyyy-MM-dd}`.
     *
     * While the sink runs, a small hidden file next to the output says which files are open. With it the next start
     * knows a line that a crash has cut off, and removes it.
     */
    @UpstreamDefault("{topic}/{yyyy}/{M}/{d}/{topic}-{HH}")
    String path();

    /**
     * `cloudevents` writes each event on one line as CloudEvents JSON with all its attributes; `data` writes the payload
     * as it is and then `connector.separator`, so that a payload with line breaks takes several lines.
     */
    @WithDefault("cloudevents")
    @UpstreamDefault("data")
    Format format();

    /** What stands after each payload in the format `data`; `\n`, `\r`, `\t` and `\0` are understood. */
    @WithDefault("\\n")
    String separator();

    /** `gzip` compresses; each batch is a complete gzip member, so that a crash never leaves an unreadable file. */
    @WithDefault("none")
    Compression compression();

    /** Time zone of the dates in `connector.path` and of rotation, such as `Europe/Berlin`; `local` is this machine's. */
    @WithDefault("UTC")
    @UpstreamDefault("local")
    String timezone();

    /**
     * When written records are forced to the disk: `batch` before they are acknowledged, so that they survive a power
     * cut; `interval` every `connector.fsync-interval`; `none` leaves it to the operating system.
     */
    @WithDefault("batch")
    Fsync fsync();

    /** Time between two forced writes with `connector.fsync: interval`. */
    @WithDefault("1s")
    Duration fsyncInterval();

    /**
     * When a file is finished: it is renamed, `orders.ndjson` to `orders-20261122T101500-0001.ndjson` (the time of the
     * rotation in `connector.timezone`, and a number), and a new one begun. A file is never overwritten.
     */
    Rotate rotate();

    /** Files kept open at the same time; the one not used for longest is closed. */
    @WithDefault("64")
    int maxOpenFiles();

    /** When a file is finished. */
    @ConfigGroup
    interface Rotate {

        /** Largest size of a file; one longer record has a file of its own. Compressed files may exceed it by one batch. */
        Optional<MemorySize> size();

        /** Length of the periods that each have their own file, counted from midnight: `1h` rotates at each full hour. */
        Optional<Duration> every();

        /** Most records in a file. */
        @UpstreamKey("flushSize")
        Optional<Integer> records();

        /** How many rotated files of a file to keep; older ones are deleted. All when not set. */
        Optional<Integer> keep();

        /** How long to keep rotated files; older ones are deleted at the next rotation. For ever when not set. */
        Optional<Duration> keepFor();
    }

    /** What is written for each event. */
    enum Format {
        CLOUDEVENTS, DATA
    }

    /** Compression of the files. */
    enum Compression {
        NONE, GZIP
    }

    /** When written records are forced to the disk. */
    enum Fsync {
        BATCH, INTERVAL, NONE
    }
}
