package dev.emc.core.transform;

import java.util.Map;

import dev.emc.api.PermanentException;

/** Gives attributes new names, all at once: two can swap theirs. A value under the new name is replaced. */
final class Rename implements Transforms.Step {

    private final String[] before;
    private final String[] after;

    Rename(Map<String, String> names) {
        before = names.keySet().toArray(String[]::new);
        after = names.values().toArray(String[]::new);
    }

    @Override
    public void apply(Draft draft) throws PermanentException {
        Object[] values = new Object[before.length];
        for (int i = 0; i < before.length; i++) {
            values[i] = draft.get(before[i]);
        }
        for (int i = 0; i < before.length; i++) {
            if (values[i] != null) {
                draft.remove(before[i]);
            }
        }
        for (int i = 0; i < before.length; i++) {
            if (values[i] != null) {
                draft.put(after[i], values[i]);
            }
        }
    }
}
