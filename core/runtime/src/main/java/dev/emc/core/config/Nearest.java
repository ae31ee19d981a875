package dev.emc.core.config;

import java.util.Collection;
import java.util.Locale;
import java.util.function.UnaryOperator;

import dev.emc.kit.Spelling;

/** Finds the word that somebody probably meant. */
public final class Nearest {

    private Nearest() {}

    /** The candidate that differs least from a word, or null when none is near. */
    public static String of(String word, Collection<String> candidates) {
        return Spelling.nearest(word, candidates);
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
            int group = Spelling.distance(group(key), group(candidate));
            int last = Spelling.distance(last(key), last(candidate));
            if (group <= Spelling.limit(group(key), group(candidate)) && last <= Spelling.limit(last(key), last(candidate))
                    && group + last < least) {
                least = group + last;
                best = candidate;
            }
        }
        return best;
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
}
