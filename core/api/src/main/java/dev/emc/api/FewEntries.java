package dev.emc.api;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * An unmodifiable map that keeps the order of its entries, which are so few that looking at one after the other is fastest. A
 * stream of records makes several for each record: it consists of two objects, and looking at it makes none.
 */
class FewEntries extends AbstractMap<String, Object> {

    /** More than these have to be found in another way. */
    static final int MOST = 16;

    /** Name, value, name, value. */
    private final Object[] pairs;

    /** @param pairs name, value, name, value; each name once; not copied */
    FewEntries(Object[] pairs) {
        this.pairs = pairs;
    }

    /** Index of a name in such an array of which {@code length} counts; {@code length} when it isn't there. */
    static int indexOf(Object[] pairs, int length, Object name) {
        for (int i = 0; i < length; i += 2) {
            if (pairs[i] == name) {
                return i;
            }
        }
        for (int i = 0; i < length; i += 2) {
            if (pairs[i].equals(name)) {
                return i;
            }
        }
        return length;
    }

    @Override
    public final Object get(Object name) {
        int index = indexOf(pairs, pairs.length, name);
        return index == pairs.length ? null : pairs[index + 1];
    }

    @Override
    public final boolean containsKey(Object name) {
        return indexOf(pairs, pairs.length, name) < pairs.length;
    }

    @Override
    public final int size() {
        return pairs.length / 2;
    }

    @Override
    public final void forEach(BiConsumer<? super String, ? super Object> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept((String) pairs[i], pairs[i + 1]);
        }
    }

    @Override
    public final boolean equals(Object other) {
        return this == other || other instanceof FewEntries few && Arrays.equals(pairs, few.pairs) || super.equals(other);
    }

    @Override
    public final int hashCode() {
        int hash = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            hash += pairs[i].hashCode() ^ pairs[i + 1].hashCode();
        }
        return hash;
    }

    @Override
    public final Set<Map.Entry<String, Object>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<String, Object>> {

        @Override
        public int size() {
            return pairs.length / 2;
        }

        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
            return new Iterator<>() {

                private int next;

                @Override
                public boolean hasNext() {
                    return next < pairs.length;
                }

                @Override
                public Map.Entry<String, Object> next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    next += 2;
                    return new SimpleImmutableEntry<>((String) pairs[next - 2], pairs[next - 1]);
                }
            };
        }
    }
}
