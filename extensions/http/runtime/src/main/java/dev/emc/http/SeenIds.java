package dev.emc.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ids that were found, as short hashes in a text that fits into a position. After a round those are forgotten that were not
 * found in it, as far as there are more than it has to remember.
 */
final class SeenIds {

    /** Characters of an id: 48 bits, with ten thousand ids one chance in 28 thousand million that a new one is taken for old. */
    private static final int LENGTH = 8;
    /** From here on the text isn't made for each record: a crash may then send so many again. */
    private static final int MANY = 500;
    private static final int STEP = 100;

    private final int most;
    /** Ids with the round in which they were found last, those first that were found first. */
    private final Map<String, Integer> rounds = new LinkedHashMap<>();
    private int round;
    private int sinceText;
    private String text;

    /** @param text of an earlier one; empty for none */
    SeenIds(String text, int most) {
        this.most = most;
        this.text = text;
        for (int at = 0; at + LENGTH <= text.length(); at += LENGTH) {
            rounds.put(text.substring(at, at + LENGTH), 0);
        }
    }

    /** Whether an id was found before; if so, it has been found in this round, too. */
    boolean knows(String hash) {
        return rounds.computeIfPresent(hash.substring(0, LENGTH), (id, found) -> round) != null;
    }

    /** Notes an id. */
    void add(String hash) {
        rounds.put(hash.substring(0, LENGTH), round);
        sinceText++;
    }

    /** The ids in a text. @param complete whether the newest have to be in it; otherwise they may be, which costs less */
    String text(boolean complete) {
        if (complete || rounds.size() < MANY || sinceText >= STEP) {
            text = String.join("", rounds.keySet());
            sinceText = 0;
        }
        return text;
    }

    /** All that there is to be found has been found. */
    void endRound() {
        int surplus = rounds.size() - most;
        List<String> old = new ArrayList<>();
        rounds.forEach((id, found) -> {
            if (found < round && old.size() < surplus) {
                old.add(id);
            }
        });
        old.forEach(rounds::remove);
        round++;
    }
}
