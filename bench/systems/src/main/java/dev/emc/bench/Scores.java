package dev.emc.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What all runs gave, and the table that they make. */
final class Scores {

    private static final List<Measure> COLUMNS = List.of(Measure.RATE, Measure.STEADY_RATE, Measure.CPU, Measure.LOADED_MEMORY,
            Measure.READY, Measure.FIRST);
    private static final List<Measure> RATIOS = List.of(Measure.RATE, Measure.CPU, Measure.LOADED_MEMORY);

    private final Map<Contender, Map<Measure, Samples>> samples = new LinkedHashMap<>();
    private final Set<String> failures = new LinkedHashSet<>();

    void add(Contender contender, Map<Measure, Double> measured) {
        measured.forEach((measure, value) -> samples.computeIfAbsent(contender, key -> new EnumMap<>(Measure.class))
                .computeIfAbsent(measure, key -> new Samples()).add(value));
    }

    void failed(String what, String reason) {
        failures.add("- FAILED, its numbers are left out: " + what + ": " + reason);
    }

    boolean allGood() {
        return failures.isEmpty();
    }

    String failures() {
        return failures.isEmpty() ? "" : String.join("\n", failures) + "\n";
    }

    /** Medians (least–greatest); beside what isn't emc, how many times better emc is. */
    String table(int events) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("connector", "by", "its promise", "events", "events/s", "second half", "CPU, µs/event", "MiB at most",
                "exec → ready, ms", "exec → first event, ms", "emc better: events/s", "CPU", "memory"));
        samples.forEach((contender, measured) -> {
            List<String> row = new ArrayList<>(List.of(contender.connector(), contender.name(), contender.promise(),
                    "%,d".formatted(contender.of(events))));
            COLUMNS.forEach(measure -> row.add(measured.getOrDefault(measure, new Samples()).text()));
            RATIOS.forEach(measure -> row.add(contender.emc() ? "" : ratio(contender, measure)));
            rows.add(row);
        });
        return Table.markdown(rows, 3);
    }

    private String ratio(Contender other, Measure measure) {
        Samples emc = samples.keySet().stream().filter(one -> one.emc() && one.connector().equals(other.connector()))
                .findFirst().map(one -> samples.get(one).get(measure)).orElse(null);
        Samples its = samples.get(other).get(measure);
        if (emc == null || its == null) {
            return "–";
        }
        double ratio = measure.more ? emc.median() / its.median() : its.median() / emc.median();
        return Samples.number(ratio) + "×";
    }
}
