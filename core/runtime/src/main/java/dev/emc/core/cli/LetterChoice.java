package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import dev.emc.api.PermanentException;
import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.engine.Processing;
import dev.emc.core.transform.InvalidFilterException;
import dev.emc.core.transform.TransformSettings;
import dev.emc.core.transform.Transforms;
import dev.emc.wire.EventFormatException;

/** Which dead letters a command is about. */
final class LetterChoice implements Predicate<DeadLetterEntry> {

    private final Set<String> ids;
    private final Processing filter;

    /**
     * @param ids empty for any
     * @param filter an expression of CloudEvents SQL; null for any event. What is no readable event fulfils none.
     */
    LetterChoice(List<String> ids, String filter) throws InvalidFilterException {
        this.ids = new LinkedHashSet<>(ids);
        this.filter = filter == null ? null : Transforms.of(filter, TransformSettings.NONE);
    }

    @Override
    public boolean test(DeadLetterEntry entry) {
        if (!ids.isEmpty() && !ids.contains(entry.id())) {
            return false;
        }
        try {
            return filter == null || filter.process(entry.record()) != null;
        } catch (EventFormatException | PermanentException noEvent) {
            return false;
        }
    }

    /** Whether it names ids. */
    boolean byIds() {
        return !ids.isEmpty();
    }

    /** The ids that are not among these. */
    List<String> missing(Set<String> found) {
        List<String> missing = new ArrayList<>(ids);
        missing.removeAll(found);
        return missing;
    }
}
