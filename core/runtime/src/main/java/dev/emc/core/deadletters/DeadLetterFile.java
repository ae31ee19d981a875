package dev.emc.core.deadletters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.emc.api.FatalException;
import dev.emc.core.registry.FileNames;

/**
 * The dead letters of one worker as a file: {@code <worker>.ndjson}, one JSON object a line, which only grows; and beside
 * it {@code <worker>.replayed}, which names those that were replayed. Reading changes nothing and needs no lock.
 */
public final class DeadLetterFile {

    private final String worker;
    private final Path letters;
    private final Path marks;

    private DeadLetterFile(Path folder, String worker) {
        this.worker = worker;
        this.letters = folder.resolve(FileNames.of(worker) + ".ndjson");
        this.marks = folder.resolve(FileNames.of(worker) + ".replayed");
    }

    /** The file of a worker, which need not exist. */
    public static DeadLetterFile of(Path folder, String worker) {
        return new DeadLetterFile(folder, worker);
    }

    public String worker() {
        return worker;
    }

    /** The file with the letters. */
    public Path path() {
        return letters;
    }

    /** The file that names those that were replayed. */
    Path marks() {
        return marks;
    }

    /** Goes through all letters; there are none when the file doesn't exist. */
    public DeadLetterReader read() throws IOException {
        return read(readMarks());
    }

    DeadLetterReader read(Marks replayed) throws IOException {
        return new DeadLetterReader(lines(letters), replayed);
    }

    private Marks readMarks() throws IOException {
        try (LineReader lines = lines(marks)) {
            return Marks.read(lines);
        }
    }

    private static LineReader lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new LineReader(InputStream.nullInputStream(), 0);
        }
        long length = Files.size(file);
        return new LineReader(Files.newInputStream(file), length);
    }

    /** A replay that can't go on. */
    FatalException unreadable(Exception why) {
        return new FatalException("the dead letters in " + letters + " can't be read to the end: "
                + (why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage())
                + "; mend that and replay the rest", why);
    }

    /** The letter of this id; empty when there is none. */
    public Optional<DeadLetterEntry> find(String id) throws IOException {
        try (DeadLetterReader reader = read()) {
            for (DeadLetterEntry entry = reader.next(); entry != null; entry = reader.next()) {
                if (entry.id().equals(id)) {
                    return Optional.of(entry);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Takes the right to replay these letters, which one process can have at a time.
     *
     * @throws ReplayHeldException when somebody replays them now
     * @throws IOException when the files can't be read or written
     */
    public Replay replay() throws IOException, ReplayHeldException {
        return Replay.take(this);
    }
}
