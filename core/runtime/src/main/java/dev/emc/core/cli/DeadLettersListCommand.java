package dev.emc.core.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import dev.emc.core.config.Json;
import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.deadletters.DeadLetterReader;
import dev.emc.wire.EventFormatException;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Lists dead letters, one a line, the newest last. */
final class DeadLettersListCommand extends DeadLettersCommand {

    private static final int LIMIT = 20;
    private static final int LONGEST = 100;

    DeadLettersListCommand() {
        super("list", "list those that were not replayed yet, the newest last");
    }

    @Override
    void options(CommandSpec spec) {
        super.options(spec);
        filterOption(spec);
        spec.addOption(OptionSpec.builder("-n", "--limit").paramLabel("N").type(Integer.class)
                .description("at most so many, the newest; " + LIMIT + " when not given, 0 for all").build());
        spec.addOption(OptionSpec.builder("--all").type(boolean.class).description("also those that were replayed").build());
    }

    /** What is shown of a letter, without its payload. */
    private record Row(String id, String time, int attempts, String event, String type, String topic, String errorClass,
            String error, boolean raw, boolean replayed) {

        static Row of(DeadLetterEntry entry) {
            String event = null;
            String type = null;
            try {
                if (entry.readable()) {
                    var record = entry.record();
                    event = record.id();
                    type = record.attribute("type");
                }
            } catch (EventFormatException damaged) {
                // it is listed like one that nobody could read
            }
            return new Row(entry.id(), entry.time().toString(), entry.attempts(), event, type, entry.topic().orElse(null),
                    entry.errorClass(), entry.error(), entry.raw(), entry.replayed());
        }

        Map<String, Object> json() {
            return Json.object("id", id, "time", time, "attempts", attempts, "event", event, "type", type, "topic", topic,
                    "error", Json.object("class", errorClass, "message", error), "raw", raw, "replayed",
                    replayed);
        }

        List<String> cells() {
            return List.of(id, time.replaceFirst("\\.\\d+", ""), Integer.toString(attempts),
                    event == null ? "(unreadable)" : shorten(event),
                    (replayed ? "(replayed) " : "") + (raw ? "(raw) " : "") + shorten(error));
        }

        private static String shorten(String text) {
            String line = text.replaceAll("\\s+", " ");
            return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
        }
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        int limit = arguments.matchedOptionValue("--limit", LIMIT);
        if (limit < 0) {
            return Result.usage("--limit: must be 0 or more, not " + limit, null);
        }
        boolean all = arguments.hasMatchedOption("--all");
        var choice = new LetterChoice(List.of(), arguments.matchedOptionValue("--filter", (String) null));
        Deque<Row> rows = new ArrayDeque<>();
        long count = 0;
        long replayed = 0;
        long damaged;
        try (DeadLetterReader reader = subject.file().read()) {
            for (DeadLetterEntry entry = reader.next(); entry != null; entry = reader.next()) {
                if (!choice.test(entry)) {
                    continue;
                }
                if (entry.replayed() && !all) {
                    replayed++;
                    continue;
                }
                count++;
                rows.add(Row.of(entry));
                if (limit > 0 && rows.size() > limit) {
                    rows.removeFirst();
                }
            }
            damaged = reader.damaged();
        }
        String text = rows.isEmpty()
                ? ""
                : Table.text(List.of("ID", "TIME", "TRIES", "EVENT", "ERROR"),
                        rows.stream().map(Row::cells).toList()) + "\n";
        return Result.ok(text + summary(subject, count, rows.size(), replayed, damaged),
                Json.object("file", subject.file().path().toString(), "count", count, "letters",
                        rows.stream().map(Row::json).toList(), "damaged", damaged));
    }

    private static String summary(Subject subject, long count, int shown, long replayed, long damaged) {
        var parts = new ArrayList<String>();
        parts.add(count == 0 ? "no dead letters" : count == 1 ? "1 dead letter" : count + " dead letters");
        if (shown < count) {
            parts.add("the last " + shown + " are shown");
        }
        if (replayed > 0) {
            parts.add(replayed + " more " + (replayed == 1 ? "was" : "were") + " replayed");
        }
        if (damaged > 0) {
            parts.add(damaged + (damaged == 1 ? " line is" : " lines are") + " damaged");
        }
        return String.join(", ", parts) + " in " + subject.file().path();
    }
}
