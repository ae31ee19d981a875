package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.emc.api.ConnectorException;
import dev.emc.api.Position;
import dev.emc.core.cli.OffsetsCommand.Subject;
import dev.emc.core.config.Json;
import dev.emc.core.engine.LeaseHeldException;

/** Replaces the positions of a worker and tells what has changed. */
final class OffsetsChange {

    private final Map<Map<String, Object>, Map<String, Object>> before = offsets();
    private final Map<Map<String, Object>, Map<String, Object>> after = offsets();

    OffsetsChange(Collection<Position> old, Collection<Position> replacement) {
        old.forEach(position -> before.put(position.partition(), position.offset()));
        replacement.forEach(position -> after.put(position.partition(), position.offset()));
    }

    private static Map<Map<String, Object>, Map<String, Object>> offsets() {
        return new LinkedHashMap<>();
    }

    /** Does it, unless nothing would change. */
    Result apply(Subject subject, boolean force) throws ConnectorException, LeaseHeldException, InterruptedException {
        var partitions = new TreeMap<String, Map<String, Object>>();
        before.keySet().forEach(partition -> partitions.put(OffsetsCommand.text(partition), partition));
        after.keySet().forEach(partition -> partitions.put(OffsetsCommand.text(partition), partition));
        partitions.values().removeIf(partition -> {
            Map<String, Object> old = before.get(partition);
            return old != null && old.equals(after.get(partition));
        });
        if (!partitions.isEmpty()) {
            List<Position> positions = new ArrayList<>();
            after.forEach((partition, offset) -> positions.add(new Position(partition, offset)));
            subject.store().replace(subject.worker(), positions, force);
        }
        return result(partitions, subject);
    }

    private Result result(Map<String, Map<String, Object>> partitions, Subject subject) {
        var lines = new ArrayList<String>();
        var changes = new ArrayList<Object>();
        partitions.forEach((name, partition) -> {
            Map<String, Object> old = before.get(partition);
            Map<String, Object> now = after.get(partition);
            lines.add(name + ": " + text(old) + " → " + text(now));
            changes.add(Json.object("partition", new TreeMap<>(partition), "before", json(old), "after", json(now)));
        });
        lines.add(lines.isEmpty()
                ? "nothing to change"
                : "changed " + lines.size() + (lines.size() == 1 ? " partition" : " partitions") + " of worker "
                        + subject.worker() + " in " + subject.store().place());
        return Result.ok(String.join("\n", lines), Json.object("worker", subject.worker(), "changed", changes));
    }

    private static Map<String, Object> json(Map<String, Object> offset) {
        return offset == null ? null : new TreeMap<>(offset);
    }

    private static String text(Map<String, Object> offset) {
        return offset == null ? "(none)" : OffsetsCommand.text(offset);
    }
}
