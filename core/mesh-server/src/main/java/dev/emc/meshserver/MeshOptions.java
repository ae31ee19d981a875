package dev.emc.meshserver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of emc-mesh. */
final class MeshOptions {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([kmgKMG]?)");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h)");

    private final CommandLine command = new CommandLine(spec()).setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    private ParseResult parsed;

    /** The command line is wrong. The message is one sentence for the user. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /** @throws UsageException when it is wrong */
    MeshServerConfig.Builder parse(String... args) throws UsageException {
        try {
            parsed = command.parseArgs(args);
            return config();
        } catch (UnmatchedArgumentException e) {
            throw new UsageException(unknown(e.getUnmatched().get(0)));
        } catch (ParameterException e) {
            String message = e.getMessage();
            throw new UsageException(message.endsWith(".") ? message : message + ".");
        }
    }

    private String unknown(String word) {
        if (!word.startsWith("-")) {
            return "emc-mesh takes options only, not '" + word + "'; see emc-mesh --help.";
        }
        String near = null;
        int least = 3;
        for (String option : command.getCommandSpec().optionsMap().keySet()) {
            int distance = distance(word, option);
            if (distance < least) {
                least = distance;
                near = option;
            }
        }
        return "There is no option " + word + (near == null ? "; see emc-mesh --help." : ": did you mean " + near + "?");
    }

    /** How many letters have to be added, removed or replaced to make one word of the other. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    boolean help() {
        return parsed.isUsageHelpRequested();
    }

    boolean version() {
        return parsed.isVersionHelpRequested();
    }

    String usage() {
        return command.getUsageMessage();
    }

    private static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name("emc-mesh");
        spec.usageMessage().width(100).sortOptions(false).description(
                "A small EventMesh server for a laptop and for tests: one node, EventMesh's TCP protocol.",
                "Production uses an EventMesh cluster.", "");
        spec.addOption(option("--port", "PORT", int.class, "TCP port to listen at; 0 takes a free one.", "10000"));
        spec.addOption(option("--host", "HOST", String.class, "Name or address to listen at.", "127.0.0.1"));
        spec.addOption(option("--data", "DIR", String.class,
                "Folder that keeps events and group positions over a restart; without it they are in memory only.", null));
        spec.addOption(size("--max-memory", "Events in memory; without --data publishers wait when it is used up."
                + " Default: 256M, but no more than a quarter of the heap.", null));
        spec.addOption(size("--max-disk", "Events in the data folder before publishers wait.", "8G"));
        spec.addOption(option("--max-events", "N", long.class, "Events in one topic before its publishers wait.", "10000000"));
        spec.addOption(size("--max-event-size", "Largest event, at most 4095K.", "4095K"));
        spec.addOption(option("--window", "N", int.class, "Events pushed to one session and not yet acknowledged.", "2048"));
        spec.addOption(duration("--ack-timeout", "After this time an event that isn't acknowledged is pushed again.", "30s"));
        spec.addOption(duration("--idle-timeout", "A client that sends nothing for so long is disconnected.", "60s"));
        spec.addOption(option("--drop-group", "TOPIC/GROUP", String[].class,
                "Forget a group of the data folder; give it more than once for several.", null));
        spec.addOption(OptionSpec.builder("--imitate").paramLabel("QUIRK").type(Quirk[].class).splitRegex(",")
                .converters((ITypeConverter<Quirk>) MeshOptions::quirk)
                .description("For tests: behave as badly as real servers do. Of these, with commas between them: "
                        + Arrays.stream(Quirk.values()).map(quirk -> quirk.option() + " (" + quirk.description() + ")")
                                .collect(Collectors.joining("; "))
                        + ".")
                .build());
        spec.addOption(OptionSpec.builder("--help", "-h").usageHelp(true).description("Show this and end.").build());
        spec.addOption(
                OptionSpec.builder("--version", "-V").versionHelp(true).description("Show the version and end.").build());
        spec.usageMessage().footer("", "Sizes are bytes, or have K, M or G after them; times have ms, s, m or h.",
                "Exit codes: 0 fine, 1 failed while running, 2 wrong usage, 3 address or data folder can't be had.");
        return spec;
    }

    private static OptionSpec option(String name, String label, Class<?> type, String description, String value) {
        return OptionSpec.builder(name).paramLabel(label).type(type).defaultValue(value)
                .description(description + (value == null ? "" : " Default: " + value)).build();
    }

    private static OptionSpec size(String name, String description, String value) {
        return OptionSpec.builder(name).paramLabel("SIZE").type(long.class).defaultValue(value)
                .converters((ITypeConverter<Long>) MeshOptions::size)
                .description(description + (value == null ? "" : " Default: " + value)).build();
    }

    private static OptionSpec duration(String name, String description, String value) {
        return OptionSpec.builder(name).paramLabel("TIME").type(Duration.class).defaultValue(value)
                .converters((ITypeConverter<Duration>) MeshOptions::duration).description(description + " Default: " + value)
                .build();
    }

    static long size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no size such as 512K, 256M or 8G");
        }
        int shift = switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
            case "K" -> 10;
            case "M" -> 20;
            case "G" -> 30;
            default -> 0;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new TypeConversionException("'" + text + "' is too large");
        }
        return number << shift;
    }

    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no time such as 500ms, 30s or 5m");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    private static Quirk quirk(String text) {
        for (Quirk quirk : Quirk.values()) {
            if (quirk.option().equals(text)) {
                return quirk;
            }
        }
        throw new TypeConversionException("there is no quirk '" + text + "', see emc-mesh --help");
    }

    private MeshServerConfig.Builder config() {
        String data = value("--data");
        Long maxMemory = value("--max-memory");
        String[] drop = value("--drop-group");
        Quirk[] imitate = value("--imitate");
        return MeshServerConfig.builder().host(value("--host")).port((int) number("--port", 0, 65535))
                .data(data == null ? null : Path.of(data))
                .maxMemory(maxMemory == null ? 0 : number("--max-memory", 1 << 20, Long.MAX_VALUE))
                .maxDisk(number("--max-disk", 1 << 20, Long.MAX_VALUE))
                .maxEvents(number("--max-events", 1, Integer.MAX_VALUE / 2))
                .maxEventSize((int) number("--max-event-size", 1, MeshServerConfig.MAX_EVENT_SIZE))
                .window((int) number("--window", 1, 1_000_000)).ackTimeout(time("--ack-timeout"))
                .idleTimeout(time("--idle-timeout"))
                .dropGroups(drop == null ? Set.of() : Set.copyOf(Arrays.asList(drop)))
                .quirks(imitate == null ? new Quirk[0] : imitate);
    }

    private <T> T value(String option) {
        return parsed.matchedOptionValue(option, command.getCommandSpec().findOption(option).getValue());
    }

    private long number(String option, long least, long most) {
        Number number = value(option);
        if (number.longValue() < least || number.longValue() > most) {
            throw new ParameterException(command,
                    "The value of " + option + " is " + number + ", and it has to be from " + least
                            + " to " + most + ".");
        }
        return number.longValue();
    }

    private Duration time(String option) {
        Duration time = value(option);
        if (time.isZero()) {
            throw new ParameterException(command, "The value of " + option + " has to be more than nothing.");
        }
        return time;
    }
}
