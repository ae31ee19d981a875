package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures emc's connectors beside what else one would use, in turns against one server of each system and one emc-mesh.
 * {@code bench/connectors} starts it.
 */
public final class Connectors {

    /** Starts the server of a system. */
    private interface Opening {

        Contest open(Emc emc) throws Exception;
    }

    /** A server gets this part of the events before anything is measured: one in so many. */
    private static final int WARM_UP = 4;

    private final ConnectorsOptions options;
    private final Scores scores = new Scores();
    private final Set<String> versions = new LinkedHashSet<>();
    private int runs;

    private Connectors(ConnectorsOptions options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        ConnectorsOptions options;
        try {
            options = ConnectorsOptions.parse(args);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException wrong) {
            String reason = wrong instanceof ArrayIndexOutOfBoundsException
                    ? "the last option needs a value"
                    : wrong.getMessage();
            System.err.println("bench/connectors: " + reason + "; --help tells what there is");
            System.exit(2);
            return;
        }
        Machine machine = Machine.look(options.work());
        Connectors connectors = new Connectors(options);
        connectors.run();
        String report = connectors.report(machine);
        System.out.println("\n" + report);
        Files.writeString(options.out(), report);
        System.exit(connectors.scores.allGood() ? 0 : 1); // servers end with it
    }

    private void run() throws IOException {
        Folders.empty(options.work());
        systems().forEach((name, opening) -> {
            if (options.wants(name)) {
                say("%s: starting its server", name);
                try {
                    system(name, opening);
                } catch (Exception | LinkageError | AssertionError e) {
                    failed(name, e);
                }
            }
        });
    }

    private Map<String, Opening> systems() {
        int bytes = options.bytes();
        Tools tools = new Tools(options.root().resolve("bench/target/debian"));
        Map<String, Opening> systems = new LinkedHashMap<>();
        systems.put("kafka", emc -> new KafkaContest(emc, options.root().resolve("bench/kafka/target/lib"), bytes));
        systems.put("jdbc", emc -> new JdbcContest(emc, tools, bytes));
        systems.put("http", emc -> new HttpContest(emc, tools, options.work(), bytes));
        systems.put("redis", emc -> new RedisContest(emc, tools, bytes));
        systems.put("slack", emc -> new SlackContest(emc, tools, bytes));
        return systems;
    }

    /** A mesh of its own for each system, so that none has to hold the events of all. */
    private void system(String name, Opening opening) throws Exception {
        try (Mesh mesh = new Mesh(options.artifacts().command("mesh"), options.work());
                Contest contest = opening.open(new Emc(options.artifacts(), mesh, options.bytes()))) {
            List<Contender> contenders = new ArrayList<>(contest.contenders());
            contenders.removeIf(contender -> !options.wantsConnector(contender.connector()));
            for (Contender contender : warmUp(contenders)) {
                say("warming the server up: %s", contender);
                Heat.run(contender.preparation().prepare(newFolder(), contender.of(options.events() / WARM_UP)),
                        contender.of(options.events() / WARM_UP));
            }
            for (int round = 1; round <= options.rounds(); round++) {
                for (Contender contender : contenders) {
                    say("round %d of %d: %s", round, options.rounds(), contender);
                    measure(contender);
                }
            }
        }
    }

    /** Of each connector the first contender that isn't emc. */
    private static Collection<Contender> warmUp(List<Contender> contenders) {
        Map<String, Contender> first = new LinkedHashMap<>();
        contenders.stream().filter(contender -> !contender.emc())
                .forEach(contender -> first.putIfAbsent(contender.connector(), contender));
        return first.values();
    }

    private void measure(Contender contender) throws IOException, InterruptedException {
        Path folder = newFolder();
        int events = contender.of(options.events());
        try {
            if (contender.emc()) {
                versions.add(version(contender.connector()));
            }
            Run run = contender.preparation().prepare(folder, events);
            Machine.awaitQuiet(options.quiet());
            Map<Measure, Double> measured = Heat.run(run, events);
            scores.add(contender, measured);
            say("  %s events/s, %s µs of CPU an event", Samples.number(measured.get(Measure.RATE)),
                    Samples.number(measured.get(Measure.CPU)));
            Folders.empty(folder);
        } catch (InterruptedException | Error e) {
            throw e;
        } catch (Exception e) {
            failed(contender.toString(), e); // what it has written stays
        }
    }

    /** Without the version of the SDK, which is the same for all. */
    private String version(String connector) throws IOException {
        return Artifacts.version(options.artifacts().command(connector)).replaceFirst(", EventMesh SDK [^,]*", "");
    }

    private Path newFolder() throws IOException {
        return Files.createDirectories(options.work().resolve("run-" + ++runs));
    }

    private void failed(String what, Throwable reason) {
        say("  FAILED: %s", reason);
        scores.failed(what, reason.getMessage() == null ? reason.toString() : reason.getMessage());
    }

    private String report(Machine machine) throws IOException {
        String mesh = Artifacts.isNative(options.artifacts().command("mesh")) ? "native" : "JVM";
        String rounds = options.rounds() == 1 ? "One round" : "Median of " + options.rounds() + " rounds (least–greatest)";
        String notes = """

                - %s, %,d bytes a payload. The last three columns tell how many times better emc is: above 1 it has more events/s,
                  takes less CPU, less memory.
                - emc-mesh: %s, events in memory. Benchmark of commit %s; measured: %s.
                """
                .formatted(rounds, options.bytes(), mesh, options.commit(), String.join("; ", versions));
        return scores.table(options.events()) + notes + scores.failures() + "- "
                + machine.describe().strip().replace("\n", "\n- ") + "\n";
    }

    private static void say(String format, Object... values) {
        System.err.printf(format + "%n", values);
    }
}
