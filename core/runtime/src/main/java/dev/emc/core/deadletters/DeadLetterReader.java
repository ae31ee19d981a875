package dev.emc.core.deadletters;

import java.io.IOException;

/** Goes through a file of dead letters from the oldest to the newest, one at a time in memory. One thread. */
public final class DeadLetterReader implements AutoCloseable {

    private final LineReader lines;
    private final Marks marks;
    private long damaged;

    DeadLetterReader(LineReader lines, Marks marks) {
        this.lines = lines;
        this.marks = marks;
    }

    /**
     * The next letter, of those that were there when this reader was made; null when there is no other one. Lines that hold
     * no letter, such as one that a crash has torn, are passed over.
     */
    public DeadLetterEntry next() throws IOException {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            if (line.length == 0) {
                continue;
            }
            try {
                DeadLetterEntry entry = DeadLetterJson.read(line);
                return entry.replayed(marks.contains(entry.id()));
            } catch (IOException | RuntimeException noLetter) {
                damaged++;
            }
        }
        return null;
    }

    /** How many lines were passed over so far because they hold no letter. */
    public long damaged() {
        return damaged;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
