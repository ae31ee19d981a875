package dev.emc.api;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;

/** The attributes of a record, unmodifiable, in their order: so few that looking at one after the other is fastest. */
final class FewAttributes extends AbstractMap<String, Object> {

    /** More than these have to be found in another way. */
    static final int MOST = 16;

    /** Name, value, name, value. */
    private final Object[] pairs;

    /**
     * @param pairs name, value, name, value; is copied
     * @param length how much of it counts
     */
    FewAttributes(Object[] pairs, int length) {
        this.pairs = Arrays.copyOf(pairs, length);
    }

    /** Index of a name in such an array, or {@code length}. */
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
    public Object get(Object name) {
        int index = indexOf(pairs, pairs.length, name);
        return index == pairs.length ? null : pairs[index + 1];
    }

    @Override
    public boolean containsKey(Object name) {
        return indexOf(pairs, pairs.length, name) < pairs.length;
    }

    @Override
    public int size() {
        return pairs.length / 2;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Object> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept((String) pairs[i], pairs[i + 1]);
        }
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
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
