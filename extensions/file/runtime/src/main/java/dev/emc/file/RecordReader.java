package dev.emc.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.jboss.logging.Logger;

import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.SourceRecord;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;
import dev.emc.wire.Words;

/** Makes records of the bytes in the window: lines, events or rows. */
final class RecordReader {

    private static final Logger LOG = Logger.getLogger(FileSource.class);

    private final FileSourceConfig config;
    private final FileSourceConfig.Format format;
    private final Window window;
    private final int maxBytes;
    private final String type;
    private final String contentType;
    private final Csv csv;

    RecordReader(FileSourceConfig config, Window window, int maxBytes, String type) {
        this.config = config;
        this.format = config.format();
        this.window = window;
        this.maxBytes = maxBytes;
        this.type = type;
        boolean rows = format == FileSourceConfig.Format.CSV;
        this.contentType = rows ? "application/json" : "text/plain";
        this.csv = rows ? new Csv(FileSourceRules.delimiter(config)) : null;
    }

    /** The window was loaded with this file. */
    void begin(TailedFile file) throws IOException, FatalException {
        if (csv != null) {
            csv.begin();
            if (file.header == null && file.offset > 0) {
                file.header = readHeader(file);
            }
        }
    }

    /** Makes the next record, or goes a step towards it; false when there is nothing more in the file now. */
    boolean next(TailedFile file, List<SourceRecord> records) throws IOException, FatalException {
        while (true) {
            int end = format == FileSourceConfig.Format.CSV && !file.skipping
                    ? csv.rowEnd(window.bytes, window.scanned, window.end)
                    : lineEnd(window.bytes, window.scanned, window.end);
            if (file.skipping) {
                if (end >= 0) {
                    window.advance(end);
                    resumeAfterLong(file, records);
                    return true;
                }
                file.leftOut += window.end - window.start;
                window.advance(window.end);
            } else {
                int length = end >= 0 ? content(window.start, end) - window.start : window.end - window.start;
                if (length > maxBytes && (end >= 0 || length > maxBytes + 2)) {
                    tooLong(file, records);
                    return true;
                }
                if (end >= 0) {
                    emit(file, content(window.start, end), end, records);
                    return true;
                }
                window.scanned = window.end;
            }
            if (!window.fill(file)) {
                return false;
            }
        }
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        int at = Words.indexOf((byte) '\n', bytes, from, to);
        return at < to ? at + 1 : -1;
    }

    /** Where the content of a line ends, whose line end ends at this index. */
    private int content(int start, int end) {
        int content = end;
        if (content > start && window.bytes[content - 1] == '\n') {
            content--;
            if (content > start && window.bytes[content - 1] == '\r'
                    && (config.stripCr() || format != FileSourceConfig.Format.LINES)) {
                content--;
            }
        }
        return content;
    }

    private void tooLong(TailedFile file, List<SourceRecord> records) throws IOException, FatalException {
        FileSourceConfig.LongRecords policy = config.longRecords();
        boolean lines = format == FileSourceConfig.Format.LINES;
        int cut = window.start + maxBytes;
        if (lines && policy == FileSourceConfig.LongRecords.SPLIT) {
            for (int back = 0; back < 3 && (window.bytes[cut] & 0xc0) == 0x80 && cut > window.start + 1; back++) {
                cut--; // not within a character
            }
            emit(file, cut, cut, records);
            return;
        }
        if (lines && policy == FileSourceConfig.LongRecords.TRUNCATE) {
            file.held = Arrays.copyOfRange(window.bytes, window.start, cut);
        } else if (policy != FileSourceConfig.LongRecords.SKIP) {
            throw new FatalException((format == FileSourceConfig.Format.CSV && csv.isInQuotes() ? "the row" : "the record")
                    + " at byte " + window.offset + " of " + file.pathText + " is longer than connector.max-record-bytes, "
                    + maxBytes + " bytes"
                    + (format == FileSourceConfig.Format.CSV && csv.isInQuotes() ? ", because a quote in it is not closed" : "")
                    + "; raise it, or set connector.long-records: skip");
        }
        if (file.leftOut == 0) {
            LOG.warnf("%s: the record at byte %d is longer than %d bytes and is %s; further ones are too, without a word",
                    file.pathText, window.offset, maxBytes, file.held == null ? "left out" : "cut off");
        }
        file.leftOut++;
        file.heldAt = window.offset;
        file.skipping = true;
        window.advance(cut);
    }

    /** A line that was too long has ended. */
    private void resumeAfterLong(TailedFile file, List<SourceRecord> records) throws IOException, FatalException {
        file.skipping = false;
        if (csv != null) {
            csv.begin();
        }
        if (file.held != null) {
            byte[] data = file.held;
            file.held = null;
            add(file, data, file.heldAt, window.start, records);
        }
    }

    /** Makes a record of the bytes from the start of the window to {@code to}, and goes on after {@code end}. */
    private void emit(TailedFile file, int to, int end, List<SourceRecord> records) throws IOException, FatalException {
        int from = window.start;
        switch (format) {
            case LINES -> add(file, lines(file, Arrays.copyOfRange(window.bytes, from, to)), window.offset, end, records);
            case CLOUDEVENTS -> {
                if (!isBlank(from, to)) {
                    addEvent(file, from, to, end, records);
                }
            }
            case CSV -> row(file, from, to, end, records);
            case WHOLE -> throw new IllegalStateException("whole files have no records");
        }
        window.advance(end);
        if (csv != null) {
            csv.begin();
        }
    }

    private byte[] lines(TailedFile file, byte[] data) throws FatalException {
        if (config.invalidBytes() == FileSourceConfig.InvalidBytes.KEEP) {
            return data;
        }
        return validUtf8(file, data, config.invalidBytes() == FileSourceConfig.InvalidBytes.FAIL);
    }

    /** The same bytes when they are UTF-8, else with U+FFFD in the place of those that are not. */
    private byte[] validUtf8(TailedFile file, byte[] data, boolean strict) throws FatalException {
        if (Words.endOfAscii(data, 0, data.length) == data.length) {
            return data;
        }
        byte[] clean = new String(data, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        if (strict && !Arrays.equals(clean, data)) {
            throw new FatalException("the record at byte " + window.offset + " of " + file.pathText
                    + " is not UTF-8; set connector.invalid-bytes to keep or replace");
        }
        return clean;
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (window.bytes[i] != ' ' && window.bytes[i] != '\t' && window.bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private void addEvent(TailedFile file, int from, int to, int end, List<SourceRecord> records)
            throws IOException, FatalException {
        int begin = window.offset == 0 ? from + byteOrderMark(from, to) : from;
        SourceRecord.Builder builder = SourceRecord.at(file.position(window, end)).attribute("filepath", file.pathText)
                .attribute("fileoffset", Long.toString(window.offset));
        try {
            records.add(StructuredJson.fill(window.bytes, begin, to - begin, builder).build());
        } catch (EventFormatException e) {
            bad(file, to, end, "is no CloudEvent in JSON: " + e.getMessage(), records);
        }
    }

    private int byteOrderMark(int from, int to) {
        byte[] bytes = window.bytes;
        return to - from >= 3 && bytes[from] == (byte) 0xef && bytes[from + 1] == (byte) 0xbb && bytes[from + 2] == (byte) 0xbf
                ? 3
                : 0;
    }

    /** The bytes from the start of the window to {@code to} are no record; what comes next begins at {@code end}. */
    private void bad(TailedFile file, int to, int end, String what, List<SourceRecord> records)
            throws IOException, FatalException {
        String sentence = "the line at byte " + window.offset + " of " + file.pathText + " " + what;
        switch (config.badRecords()) {
            case DEAD_LETTER -> {
                byte[] line = Arrays.copyOfRange(window.bytes, window.start, to);
                records.add(file.record(file.position(window, end), window.offset, line, type)
                        .problem(new PermanentException(sentence)).build());
            }
            case FAIL -> throw new FatalException(sentence + (sentence.endsWith(".") ? "" : ".")
                    + " Correct it, or set connector.bad-records: dead-letter");
            case SKIP -> {
                if (file.leftOut++ == 0) {
                    LOG.warnf("%s It is left out; further ones are too, without a word", sentence);
                }
            }
        }
    }

    private void row(TailedFile file, int from, int to, int end, List<SourceRecord> records)
            throws IOException, FatalException {
        if (to == from) {
            return;
        }
        byte[] bytes = validUtf8(file, Arrays.copyOfRange(window.bytes, from, to),
                config.invalidBytes() == FileSourceConfig.InvalidBytes.FAIL);
        if (file.header == null) {
            int begin = window.offset == 0 ? byteOrderMark(from, to) : 0;
            file.header = csv.header(bytes, begin, bytes.length);
        } else {
            add(file, csv.row(file.header, bytes, 0, bytes.length), window.offset, end, records);
        }
    }

    /** The first row of a file that is read from somewhere else on. */
    private List<byte[]> readHeader(TailedFile file) throws IOException, FatalException {
        byte[] bytes = new byte[64 * 1024];
        int length = 0;
        try (GzipMembers members = new GzipMembers(file.channel(), 0, 0)) {
            while (true) {
                int n;
                if (file.isCompressed()) {
                    n = members.read(bytes, length, bytes.length - length);
                } else {
                    n = file.channel().read(ByteBuffer.wrap(bytes, length, bytes.length - length), length);
                }
                if (n <= 0) {
                    throw new FatalException("the first row of " + file.pathText + " is not complete");
                }
                csv.begin();
                int end = csv.rowEnd(bytes, 0, length += n);
                csv.begin();
                if (end >= 0) {
                    int to = end - 1;
                    to -= to > 0 && bytes[to - 1] == '\r' ? 1 : 0;
                    int from = to >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf ? 3 : 0;
                    return csv.header(bytes, from, to);
                }
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
            }
        }
    }

    private void add(TailedFile file, byte[] data, long begin, int end, List<SourceRecord> records) throws IOException {
        records.add(file.record(file.position(window, end), begin, data, type).contentType(contentType).build());
    }

    /** What stands after the last line end of a file that will not grow. */
    void remainder(TailedFile file, List<SourceRecord> records) throws IOException, FatalException {
        if (file.skipping) {
            resumeAfterLong(file, records);
        } else if (window.end > window.start && file.damage == null) {
            if (format == FileSourceConfig.Format.CSV && csv.isInQuotes()) {
                bad(file, window.end, window.end, "has a quote that is not closed.", records);
                window.advance(window.end);
            } else {
                emit(file, window.end, window.end, records);
            }
        }
    }
}
