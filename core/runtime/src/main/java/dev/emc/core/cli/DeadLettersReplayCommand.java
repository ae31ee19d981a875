package dev.emc.core.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.emc.core.config.ConfigCheck.Argument;
import dev.emc.core.config.Settings;
import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.core.deadletters.DeadLetterReader;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Delivers dead letters after all. */
final class DeadLettersReplayCommand extends DeadLettersCommand {

    private static final String RAW_REMEDY = "mend them in the outside system, or use --raw to send them to the mesh as they are";

    DeadLettersReplayCommand() {
        super("replay", "deliver them again, those that were not replayed yet, the oldest first");
    }

    @Override
    void options(CommandSpec spec) {
        super.options(spec);
        filterOption(spec);
        spec.addOption(OptionSpec.builder("--all").type(boolean.class).description("all of them").build());
        spec.addOption(OptionSpec.builder("--raw").type(boolean.class)
                .description("also what a source has read and could make no record of, as it is").build());
        spec.addOption(OptionSpec.builder("-n", "--limit").paramLabel("N").type(Integer.class)
                .description("at most so many").build());
        spec.addOption(OptionSpec.builder("--rate").paramLabel("N").type(String.class)
                .description("at most so many a second").build());
        spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..*").paramLabel("ID").type(String[].class)
                .description("those with these ids").build());
    }

    @Override
    List<Argument> overrides(ParseResult arguments) {
        String rate = arguments.matchedOptionValue("--rate", (String) null);
        return rate == null ? List.of() : List.of(new Argument("--rate", "rate.records-per-second", rate));
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        List<String> ids = List.of(arguments.matchedPositionalValue(0, new String[0]));
        String filter = arguments.matchedOptionValue("--filter", (String) null);
        int limit = arguments.matchedOptionValue("--limit", Integer.MAX_VALUE);
        if (limit < 1) {
            return Result.usage("--limit: must be 1 or more, not " + limit, null);
        }
        boolean all = arguments.hasMatchedOption("--all");
        if (all == (!ids.isEmpty() || filter != null)) {
            return Result.usage("say which dead letters: ids, --filter EXPRESSION or --all",
                    "\"dead-letters list\" lists them");
        }
        var choice = new LetterChoice(ids, filter);
        boolean raw = arguments.hasMatchedOption("--raw");
        Selection selection = select(subject, choice, raw);
        List<String> missing = choice.missing(selection.found);
        if (!missing.isEmpty()) {
            return Result.usage("there is no dead letter " + String.join(", ", missing) + " in " + subject.file().path(),
                    "\"dead-letters list --all\" lists them");
        }
        if (selection.raw > 0 && choice.byIds()) {
            return Result.usage(raw(selection.raw), RAW_REMEDY);
        }
        if (!selection.pending && selection.raw > 0) {
            return Result.ok("nothing to replay: " + raw(selection.raw) + "; " + RAW_REMEDY,
                    ReplayTask.counts(0, 0, 0, 0, 0));
        }
        if (!selection.pending) {
            return Result.ok(
                    "nothing to replay: " + (selection.any ? "all of them were replayed" : "there are none"),
                    ReplayTask.counts(0, 0, 0, 0, 0));
        }
        Settings settings = subject.settings();
        if ("drop".equals(settings.value("on-error", subject.invocation().descriptor()))) {
            settings = settings.with("on-error", "dead-letter"); // to fail again must not lose a letter
        }
        return subject.invocation().inApplication(settings,
                new ReplayTask(subject.file(), entry -> choice.test(entry) && (raw || !entry.raw()), limit, settings,
                        subject.invocation(), selection.raw == 0 ? null : raw(selection.raw) + "; " + RAW_REMEDY));
    }

    private static String raw(int count) {
        return count == 1
                ? "1 is only what the source has read and could make no record of, and stays"
                : count + " are only what the source has read and could make no record of, and stay";
    }

    /**
     * What matches.
     *
     * @param any whether anything does, replayed or not
     * @param found the ids, when the choice is by ids
     * @param pending whether anything wasn't replayed yet that can be
     * @param raw how many weren't replayed yet because they are no records
     */
    private record Selection(boolean any, Set<String> found, boolean pending, int raw) {}

    private static Selection select(Subject subject, LetterChoice choice, boolean withRaw) throws Exception {
        Set<String> found = new HashSet<>();
        boolean any = false;
        boolean pending = false;
        int raw = 0;
        try (DeadLetterReader reader = subject.file().read()) {
            for (DeadLetterEntry entry = reader.next(); entry != null; entry = reader.next()) {
                if (choice.test(entry)) {
                    any = true;
                    if (!entry.replayed() && entry.raw() && !withRaw) {
                        raw++;
                    } else {
                        pending |= !entry.replayed();
                    }
                    if (choice.byIds()) {
                        found.add(entry.id());
                    }
                }
            }
        }
        return new Selection(any, found, pending, raw);
    }
}
