package dev.emc.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to measure.
 *
 * @param root of the checkout
 * @param only names of connectors or of systems; empty for all
 * @param events of the fast ones in each run; slow ones get a part of them
 * @param bytes of each payload
 * @param quiet how long to wait before each run for a machine that does nothing else, at the most
 * @param out file for the report
 */
record ConnectorsOptions(Path root, Artifacts artifacts, List<String> only, int rounds, int events, int bytes, Duration quiet,
        Path out, String commit) {

    static ConnectorsOptions parse(String[] args) {
        Path root = Path.of("").toAbsolutePath();
        Path executables = root.resolve("native-images/bin");
        List<String> only = List.of();
        int rounds = 3;
        int events = 50_000;
        int bytes = 1024;
        Duration quiet = Duration.ZERO;
        Path out = root.resolve("bench/target/connectors.md");
        String commit = "unknown";
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--bin" -> executables = Path.of(args[++i]).toAbsolutePath();
                case "--only" -> only = names(args[++i]);
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--events" -> events = Integer.parseInt(args[++i]);
                case "--bytes" -> bytes = Integer.parseInt(args[++i]);
                case "--quiet" -> quiet = Duration.ofSeconds(Long.parseLong(args[++i]));
                case "--out" -> out = Path.of(args[++i]).toAbsolutePath();
                case "--commit" -> commit = args[++i];
                default -> throw new IllegalArgumentException("Unknown option " + args[i]);
            }
        }
        return new ConnectorsOptions(root, new Artifacts(root, executables), only, rounds, events, bytes, quiet, out, commit);
    }

    private static List<String> names(String text) {
        List<String> names = List.of(text.split(","));
        for (String name : names) {
            if (!name.matches("(kafka|jdbc|http|redis|slack)(-sink|-source)?")) {
                throw new IllegalArgumentException("No connector or system here is called " + name);
            }
        }
        return names;
    }

    /** A folder for everything that is written; emptied first. */
    Path work() {
        return root.resolve("bench/target/work-connectors");
    }

    /** Whether a connector of this system is to be measured. */
    boolean wants(String system) {
        return only.isEmpty() || only.stream().anyMatch(name -> name.equals(system) || name.startsWith(system + "-"));
    }

    boolean wantsConnector(String connector) {
        return only.isEmpty() || only.stream().anyMatch(name -> name.equals(connector) || connector.startsWith(name + "-"));
    }
}
