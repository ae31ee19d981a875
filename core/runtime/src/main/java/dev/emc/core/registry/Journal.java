package dev.emc.core.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;

import dev.emc.api.FatalException;
import dev.emc.api.Position;

/** The form of a worker's journal, see {@link FileRegistry}. */
final class Journal {

    static final String SUFFIX = ".journal";

    private static final int CRC_LENGTH = 8;

    private Journal() {}

    /**
     * What a journal holds.
     *
     * @param worker whose it is
     * @param positions by partition
     * @param firstLine where the first line ends
     * @param end where the last whole line ends
     * @param length of the file: more than the end when a crash has cut the last line short
     */
    record Content(String worker, Map<Map<String, Object>, Position> positions, long firstLine, long end, long length) {}

    static Path of(Path dir, String worker) {
        return dir.resolve(FileNames.of(worker) + SUFFIX);
    }

    /**
     * Reads a journal, also while its worker writes it.
     *
     * @throws FatalException when it is damaged, or another worker's
     */
    static Content read(Path journal, String worker) throws IOException, FatalException {
        Content content = read(journal);
        if (!worker.equals(content.worker())) {
            throw damaged(journal, 1, "belongs to worker '" + content.worker() + "'");
        }
        return content;
    }

    /** The worker that a journal is of; its file's name when it is damaged. */
    static String ownerOf(Path journal) throws IOException {
        try {
            return read(journal).worker();
        } catch (FatalException damaged) {
            String name = journal.getFileName().toString();
            return name.substring(0, name.length() - SUFFIX.length());
        }
    }

    private static Content read(Path journal) throws IOException, FatalException {
        byte[] bytes = Files.readAllBytes(journal);
        Map<Map<String, Object>, Position> positions = new HashMap<>();
        String worker = null;
        int firstLine = 0;
        int start = 0;
        for (int number = 1; start < bytes.length; number++) {
            int stop = start;
            while (stop < bytes.length && bytes[stop] != '\n') {
                stop++;
            }
            PositionJson.Content line = stop < bytes.length ? parse(bytes, start, stop) : null;
            if (line == null) {
                if (number == 1 || stop + 1 < bytes.length) {
                    throw damaged(journal, number, "can't be read");
                }
                break;
            }
            Positions.apply(line.positions(), positions);
            start = stop + 1;
            if (number == 1) {
                worker = line.worker();
                firstLine = start;
            }
        }
        if (start == 0) {
            throw damaged(journal, 1, "is missing");
        }
        return new Content(worker, positions, firstLine, start, bytes.length);
    }

    private static FatalException damaged(Path journal, int number, String what) {
        return new FatalException("the registry file " + journal + " is damaged: line " + number + " " + what
                + "; put it back from a backup, or delete it to make its worker start afresh");
    }

    private static PositionJson.Content parse(byte[] bytes, int start, int stop) {
        int text = start + CRC_LENGTH + 1;
        if (stop <= text || bytes[text - 1] != ' ') {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, text, stop - text);
        String expected = HexFormat.of().toHexDigits((int) crc.getValue());
        if (!expected.equals(new String(bytes, start, CRC_LENGTH, StandardCharsets.ISO_8859_1))) {
            return null;
        }
        try {
            return PositionJson.read(bytes, text, stop - text);
        } catch (IOException | IllegalArgumentException unreadable) {
            return null;
        }
    }

    /**
     * A line with these positions.
     *
     * @param worker null in all but the first line
     * @param buffer what to write it into first; it is emptied
     */
    static ByteBuffer line(String worker, Collection<Position> positions, ByteArrayOutputStream buffer) throws IOException {
        buffer.reset();
        for (int i = 0; i <= CRC_LENGTH; i++) {
            buffer.write(' ');
        }
        PositionJson.write(buffer, worker, positions);
        buffer.write('\n');
        byte[] bytes = buffer.toByteArray();
        CRC32C crc = new CRC32C();
        crc.update(bytes, CRC_LENGTH + 1, bytes.length - CRC_LENGTH - 2);
        byte[] hex = HexFormat.of().toHexDigits((int) crc.getValue()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(hex, 0, bytes, 0, CRC_LENGTH);
        return ByteBuffer.wrap(bytes);
    }
}
