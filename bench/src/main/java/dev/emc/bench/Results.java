package dev.emc.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

import dev.emc.bench.Candidate.Column;

/** All samples, and the table they make. */
final class Results {

    private final Map<Column, Map<Measure, Samples>> sinks = new EnumMap<>(Column.class);
    private final Map<Column, Map<Measure, Samples>> sources = new EnumMap<>(Column.class);
    private final Map<Peer, Samples> peers = new EnumMap<>(Peer.class);
    private final Set<String> remarks = new LinkedHashSet<>();

    void add(Candidate candidate, Measure measure, double value) {
        samples(candidate.source(), candidate.column(), measure).add(value);
    }

    void peer(Peer peer, double rate) {
        peers.computeIfAbsent(peer, key -> new Samples()).add(rate);
    }

    void remark(Candidate candidate, String text) {
        remarks.add(candidate + ": " + text + ".");
    }

    void failed(Candidate candidate, String reason) {
        remarks.add(candidate + ": a run failed, its numbers are left out: " + reason + ".");
    }

    /** What a client reaches that does nothing else, and how near emc comes to it once it is warm. */
    String peers() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("a client that does nothing else", "events/s", "emc, JVM", "emc, native"));
        for (Peer peer : Peer.values()) {
            List<String> row = new ArrayList<>(List.of(peer.title, peers.getOrDefault(peer, new Samples()).text()));
            for (Column column : List.of(Column.JVM, Column.NATIVE)) {
                row.add(share(samples(peer.source, column, Measure.STEADY_RATE), peers.get(peer)));
            }
            rows.add(row);
        }
        return Table.markdown(rows, 1);
    }

    private static String share(Samples emc, Samples peer) {
        return emc.isEmpty() || peer == null ? "–" : Math.round(100 * emc.median() / peer.median()) + " %";
    }

    private Samples samples(boolean source, Column column, Measure measure) {
        return (source ? sources : sinks).computeIfAbsent(column, key -> new EnumMap<>(Measure.class))
                .computeIfAbsent(measure, key -> new Samples());
    }

    /** Medians, least and greatest in parentheses. */
    String table() {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        for (Column column : Column.values()) {
            head.add(column.title);
        }
        rows.add(head);
        rows(rows, (source, measure) -> {
            List<String> row = new ArrayList<>();
            for (Column column : Column.values()) {
                row.add(samples(source, column, measure).text());
            }
            return row;
        });
        return Table.markdown(rows, 1);
    }

    /** How many times better emc is than the others; of medians, and above 1 where emc is better. */
    String ratios() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("emc is better by", "JVM : raw", "JVM : one", "JVM : nothing else", "native : raw", "native : one",
                "native : nothing else"));
        rows(rows, (source, measure) -> {
            List<String> row = new ArrayList<>();
            for (Column emc : List.of(Column.JVM, Column.NATIVE)) {
                Column peer = emc == Column.JVM ? Column.PEER_JVM : Column.PEER_NATIVE;
                for (Column other : List.of(Column.RAW, Column.ONE, peer)) {
                    row.add(ratio(samples(source, emc, measure), samples(source, other, measure), measure.more));
                }
            }
            return row;
        });
        return Table.markdown(rows, 1);
    }

    private static void rows(List<List<String>> rows, BiFunction<Boolean, Measure, List<String>> cells) {
        for (boolean source : new boolean[]{false, true}) {
            for (Measure measure : Measure.values()) {
                List<String> row = new ArrayList<>(List.of((source ? "source: " : "sink: ") + measure.title));
                row.addAll(cells.apply(source, measure));
                rows.add(row);
            }
        }
    }

    private static String ratio(Samples emc, Samples other, boolean more) {
        if (emc.isEmpty() || other.isEmpty()) {
            return "–";
        }
        double ratio = more ? emc.median() / other.median() : other.median() / emc.median();
        return Samples.number(ratio) + "×";
    }

    private static String versions(Options options) throws IOException {
        Set<String> versions = new LinkedHashSet<>();
        for (Candidate candidate : options.candidates()) {
            if (candidate.emc()) {
                versions.add(Artifacts.version(candidate.command()));
            }
        }
        return String.join("; ", versions);
    }

    String notes(Options options) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("""
                Median of %d rounds (least–greatest).
                %,d events of %,d bytes in each run of emc, %,d for the SDK's clients.
                emc-mesh: %s, events %s. Benchmark of commit %s; measured: %s.
                """.formatted(options.rounds(), options.events(), options.bytes(), options.slowEvents(),
                options.mesh().contains("-jar")
                        ? "JVM"
                        : options.mesh().get(0).endsWith("emc-mesh") ? "native" : options.mesh(),
                options.meshData() ? "on disk" : "in memory",
                options.commit(), versions(options)));
        remarks.forEach(remark -> text.append(remark).append('\n'));
        return text.toString();
    }
}
