package dev.emc.slack;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The newest ids of events that the mesh has. Usable by several threads. */
final class RecentIds {

    private final Set<String> ids;

    /** @param most how many to remember */
    RecentIds(int most) {
        this.ids = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
            }
        }));
    }

    boolean isDone(String id) {
        return ids.contains(id);
    }

    void done(String id) {
        ids.add(id);
    }
}
