package dev.emc.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.emc.bench.Candidate.Column;

/**
 * What to measure.
 *
 * @param events of emc in each run
 * @param slowEvents of the SDK's clients in each run: they are so slow
 * @param bytes of each payload
 * @param work directory for everything that is written; emptied first
 * @param quiet how long to wait before each run for a machine that does nothing else, at the most
 * @param out file for the report, may be null
 * @param mesh command line of emc-mesh
 * @param meshData whether emc-mesh keeps its events on disk
 */
record Options(int events, int slowEvents, int rounds, int bytes, boolean quick, Duration quiet, Path work, Path out,
        String commit,
        List<String> mesh, boolean meshData, List<Candidate> candidates) {

    static Options parse(String[] args) {
        int events = 0;
        int slowEvents = 0;
        int rounds = 0;
        int bytes = 1024;
        Duration quiet = Duration.ZERO;
        boolean quick = false;
        boolean meshData = false;
        Path root = Path.of("").toAbsolutePath();
        Path out = null;
        String commit = "unknown";
        List<String> jvm = List.of();
        List<String> meshCommand = List.of();
        Set<Column> columns = EnumSet.allOf(Column.class);
        Set<Boolean> roles = Set.of(true, false);
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> quick = true;
                case "--mesh-data" -> meshData = true;
                case "--events" -> events = Integer.parseInt(args[++i]);
                case "--slow-events" -> slowEvents = Integer.parseInt(args[++i]);
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--bytes" -> bytes = Integer.parseInt(args[++i]);
                case "--quiet" -> quiet = Duration.ofSeconds(Long.parseLong(args[++i]));
                case "--root" -> root = Path.of(args[++i]).toAbsolutePath();
                case "--out" -> out = Path.of(args[++i]).toAbsolutePath();
                case "--commit" -> commit = args[++i];
                case "--jvm-options" -> jvm = List.of(args[++i].split(" "));
                case "--mesh" -> meshCommand = List.of(args[++i].split(" "));
                case "--only" -> columns = columns(args[++i]);
                case "--role" -> roles = Set.of(args[++i].equals("source"));
                default -> throw new IllegalArgumentException("Unknown option " + args[i]);
            }
        }
        events = events > 0 ? events : quick ? 20_000 : 100_000;
        slowEvents = slowEvents > 0 ? slowEvents : Math.max(1000, events / 5);
        rounds = rounds > 0 ? rounds : quick ? 1 : 3;

        Artifacts artifacts = new Artifacts(root, root.resolve("native-images/bin"));
        List<String> mesh = meshCommand.isEmpty() ? artifacts.command("mesh") : meshCommand;
        List<Candidate> candidates = new ArrayList<>();
        for (boolean source : new boolean[]{false, true}) {
            if (!roles.contains(source)) {
                continue;
            }
            for (Column column : columns) {
                command(column, source, artifacts, jvm)
                        .ifPresent(command -> candidates.add(new Candidate(column, source, command)));
            }
        }
        return new Options(events, slowEvents, rounds, bytes, quick, quiet, root.resolve("bench/target/work"), out, commit,
                mesh,
                meshData, candidates);
    }

    /** What starts a candidate; nothing when it isn't built. */
    private static Optional<List<String>> command(Column column, boolean source, Artifacts artifacts,
            List<String> jvm) {
        String name = source ? "file-source" : "file-sink";
        return switch (column) {
            case RAW -> Optional.of(Candidate.program(source ? "RawPublisher" : "RawSubscriber"));
            case ONE -> Optional.of(Candidate.program(source ? "OneAtATimeSource" : "OneAtATimeSink"));
            case PEER_JVM -> Optional.of(Candidate.program("PeerProgram"));
            case PEER_NATIVE -> artifacts.executable("bench-peer");
            case JVM -> artifacts.jar(name, jvm);
            case NATIVE -> artifacts.executable(name);
        };
    }

    private static Set<Column> columns(String names) {
        Set<Column> columns = EnumSet.noneOf(Column.class);
        for (String name : names.split(",")) {
            columns.add(Column.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')));
        }
        return columns;
    }
}
