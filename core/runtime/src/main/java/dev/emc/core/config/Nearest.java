package dev.emc.core.config;

import java.util.Collection;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Finds the word that somebody probably meant. */
public final class Nearest {

    private Nearest() {}

    /** The candidate that differs least from a word, or null when none is near. */
    public static String of(String word, Collection<String> candidates) {
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

    /** The key that somebody probably meant: by spelling, by its last part at another level, or by a misspelt last part. */
    static String key(String key, Collection<String> keys) {
        String found = equal(key, keys, Nearest::plain);
        if (found == null) {
            found = sameGroup(key, keys);
        }
        if (found == null) {
            found = bothParts(key, keys);
        }
        if (found == null) {
            found = equal(key, keys, name -> plain(last(name)));
        }
        if (found == null) {
            found = byLast(last(key), keys);
        }
        return found;
    }

    private static String equal(String key, Collection<String> keys, UnaryOperator<String> form) {
        String wanted = form.apply(key);
        for (String candidate : keys) {
            if (form.apply(candidate).equals(wanted)) {
                return candidate;
            }
        }
        return null;
    }

    private static String sameGroup(String key, Collection<String> keys) {
        String group = key.substring(0, key.lastIndexOf('.') + 1);
        if (group.isEmpty()) {
            return null;
        }
        String last = of(last(key),
                keys.stream().filter(k -> k.startsWith(group)).map(k -> k.substring(group.length())).toList());
        return last == null ? null : group + last;
    }

    /** A key whose group and last part are both near; a common group alone doesn't make two keys alike. */
    private static String bothParts(String key, Collection<String> keys) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : keys) {
            int group = distance(group(key), group(candidate));
            int last = distance(last(key), last(candidate));
            if (group <= limit(group(key), group(candidate)) && last <= limit(last(key), last(candidate))
                    && group + last < least) {
                least = group + last;
                best = candidate;
            }
        }
        return best;
    }

    private static int limit(String a, String b) {
        return Math.max(1, Math.min(a.length(), b.length()) / 3);
    }

    private static String group(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('.')));
    }

    private static String byLast(String last, Collection<String> keys) {
        if (last.length() < 4) {
            return null;
        }
        String best = of(last, keys.stream().map(Nearest::last).toList());
        return best == null ? null : keys.stream().filter(key -> last(key).equals(best)).findFirst().orElse(null);
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** Without hyphens, underscores and case: {@code ackTimeout} is {@code ack-timeout}. */
    private static String plain(String key) {
        return key.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
    static int distance(String a, String b) {
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
