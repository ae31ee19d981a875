package dev.emc.file;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.quarkus.runtime.annotations.ConfigGroup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.emc.api.UpstreamKey;

/** Keys of the file source. */
@ConfigMapping(prefix = "emc.connector")
@ConfigGroup
public interface FileSourceConfig {

    /**
     * What to read: files, folders (all files in them but hidden ones) and patterns such as `/var/log/*.log`, where `**`
     * as a folder stands for any number of folders; with commas between them. `-` is standard input. Compressed files
     * (gzip) are read as what is in them.
     *
     * Each event has the extensions `filepath` (absolute path) and `fileoffset` (byte at which it begins, counted
     * uncompressed), the `source` `file:///path` and a stable `id`; an event that was read as CloudEvents JSON keeps its
     * own attributes. A file is known by its inode and its content, so that it is neither lost nor read again when it is
     * renamed, compressed or rotated while the source runs or stands still. Standard input can't be resumed: after a
     * restart it is read from where it then is.
     */
    @UpstreamKey("connectorConfig.filePath")
    List<String> path();

    /**
     * `lines` makes an event of each line without its line end (`text/plain`), `cloudevents` of each line that is
     * CloudEvents JSON, `csv` of each row: a JSON object with the names in the first row as keys and strings as values
     * (RFC 4180), `whole` of each file, with a content type by its suffix; a file that changes is sent again.
     */
    @WithDefault("lines")
    Format format();

    /**
     * Whether to wait for more, like `tail -F`, and for files that appear later; otherwise the source reads what is
     * there and ends. While waiting, a last line without a line end is not sent before its line end is there or its file
     * has been rotated away.
     */
    @WithDefault("true")
    boolean follow();

    /** Whether folders are read with the folders in them. */
    @WithDefault("false")
    boolean recursive();

    /** Patterns of file names to leave out, such as `*.tmp`, with commas between them. */
    Optional<List<String>> exclude();

    /** How often to look for new, renamed and rotated files. */
    @WithDefault("1s")
    Duration scanInterval();

    /**
     * How long to watch a rotated file for late lines after its end was reached; with `whole` how long a file must not
     * have changed before it is sent.
     */
    @WithDefault("2s")
    Duration settle();

    /** Type of the events; by default `dev.emc.file.line`, `dev.emc.file.row` or `dev.emc.file.whole`. */
    Optional<String> type();

    /** Longest line, row or file in bytes. */
    @WithDefault("1M")
    MemorySize maxRecordBytes();

    /**
     * What happens to longer ones: `split` sends a line in several events, `truncate` sends only its beginning, `skip`
     * leaves it out, `fail` stops the source. Rows, CloudEvents and whole files can't be split or truncated: there
     * `split` and `truncate` are like `fail`.
     */
    @WithDefault("split")
    LongRecords longRecords();

    /**
     * What happens to a line that is no CloudEvent, or a row that is no CSV: `dead-letter` hands it to the worker as a record
     * that can't be sent, for which `on-error` holds; `fail` stops the source, `skip` leaves it out.
     */
    @WithDefault("dead-letter")
    BadRecords badRecords();

    /**
     * What happens to bytes that are no UTF-8 in `lines` and `csv`: `keep` sends them as they are (in rows, which are
     * JSON, replaced), `replace` puts U+FFFD in their place, `fail` stops the source.
     */
    @WithDefault("keep")
    InvalidBytes invalidBytes();

    /** Whether the line end is `\r\n` as well as `\n`; otherwise `\r` belongs to the line. */
    @WithDefault("true")
    boolean stripCr();

    /** What stands between the fields of a CSV row: one character, `\t` for a tab. */
    @WithDefault(",")
    String delimiter();

    /** What an event is made of. */
    enum Format {
        LINES, CLOUDEVENTS, CSV, WHOLE
    }

    /** What happens to records that are too long. */
    enum LongRecords {
        SPLIT, TRUNCATE, SKIP, FAIL
    }

    /** What happens to records that can't be read. */
    enum BadRecords {
        DEAD_LETTER, FAIL, SKIP
    }

    /** What happens to bytes that are no UTF-8. */
    enum InvalidBytes {
        KEEP, REPLACE, FAIL
    }
}
