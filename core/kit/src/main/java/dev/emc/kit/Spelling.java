package dev.emc.kit;

import java.util.Collection;
import java.util.Locale;

/** Finds the word that somebody probably meant. */
public final class Spelling {

    private Spelling() {}

    /** The candidate that differs least from a word, or null when none is near. */
    public static String nearest(String word, Collection<String> candidates) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance <= limit(word, candidate) && distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** How far two words may differ and still be near. */
    public static int limit(String a, String b) {
        return Math.max(1, Math.min(a.length(), b.length()) / 3);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
    public static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(Math.min(previous[j], current[j - 1]) + 1, replace);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = previous;
            previous = current;
            current = free;
        }
        return previous[b.length()];
    }
}
