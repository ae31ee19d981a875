package dev.emc.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Runs emc on the JVM once in each role under its flight recorder, and prints where time and memory go. */
public final class Profile {

    private static final int LINES = 15;

    private Profile() {}

    public static void main(String[] args) throws Exception {
        int chosen = List.of(args).indexOf("--role");
        for (String role : chosen < 0 ? List.of("sink", "source") : List.of(args[chosen + 1])) {
            List<String> all = new ArrayList<>(List.of("--only", "jvm", "--rounds", "1", "--role", role));
            all.addAll(List.of(args));
            Path recording = Path.of("bench/target", role + ".jfr").toAbsolutePath();
            all.addAll(List.of("--jvm-options", "-XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints "
                    + "-XX:StartFlightRecording:filename=" + recording
                    + ",settings=profile,jdk.FileForce#threshold=0ms,jdk.FileWrite#threshold=0ms"));
            Options options = Options.parse(all.toArray(String[]::new));
            new Bench(options).run();
            print(role, recording, options.events());
        }
    }

    private static void print(String role, Path recording, int events) throws Exception {
        Map<String, Double> threads = new HashMap<>();
        Map<String, Double> leaves = new HashMap<>();
        Map<String, Double> ours = new HashMap<>();
        Map<String, Double> classes = new HashMap<>();
        Map<String, Double> places = new HashMap<>();
        double samples = 0;
        double allocated = 0;
        long forces = 0;
        double forceMillis = 0;
        long writes = 0;
        double writeMillis = 0;
        long pauses = 0;
        double pauseMillis = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                switch (event.getEventType().getName()) {
                    case "jdk.ExecutionSample", "jdk.NativeMethodSample" -> {
                        String leaf = frame(event.getStackTrace(), false);
                        if (leaf == null || leaf.contains("EPoll.wait") || leaf.contains("accept") || leaf.contains("poll0")) {
                            continue;
                        }
                        samples++;
                        threads.merge(event.getThread("sampledThread").getJavaName().replaceAll("\\d+", "N"), 1.0, Double::sum);
                        leaves.merge(leaf, 1.0, Double::sum);
                        ours.merge(String.valueOf(frame(event.getStackTrace(), true)), 1.0, Double::sum);
                    }
                    case "jdk.ObjectAllocationSample" -> {
                        double weight = event.getLong("weight");
                        allocated += weight;
                        RecordedClass type = event.getClass("objectClass");
                        classes.merge(type.getName(), weight, Double::sum);
                        places.merge(String.valueOf(frame(event.getStackTrace(), true)), weight, Double::sum);
                    }
                    case "jdk.FileForce" -> {
                        forces++;
                        forceMillis += event.getDuration().toNanos() / 1e6;
                    }
                    case "jdk.FileWrite" -> {
                        writes++;
                        writeMillis += event.getDuration().toNanos() / 1e6;
                    }
                    case "jdk.GarbageCollection" -> {
                        pauses++;
                        pauseMillis += event.getDuration("sumOfPauses").toNanos() / 1e6;
                    }
                    default -> {
                    }
                }
            }
        }
        System.out.printf("%n## %s, %,d events%n", role, events);
        System.out.printf(
                "fsyncs: %,d, %.0f ms; file writes: %,d, %.0f ms; collections: %d, %.0f ms; allocated: %.0f bytes an event%n",
                forces, forceMillis, writes, writeMillis, pauses, pauseMillis, allocated / events);
        top("threads, % of samples that did not wait", threads, samples);
        top("innermost method", leaves, samples);
        top("innermost method of emc", ours, samples);
        top("allocated classes, % of bytes", classes, allocated);
        top("innermost method of emc that allocates", places, allocated);
    }

    private static void top(String title, Map<String, Double> counts, double all) {
        System.out.println("\n" + title);
        List<Map.Entry<String, Double>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Collections.reverseOrder(Map.Entry.comparingByValue()));
        sorted.stream().limit(LINES)
                .forEach(entry -> System.out.printf("%5.1f  %s%n", 100 * entry.getValue() / all, entry.getKey()));
    }

    private static String frame(RecordedStackTrace stack, boolean ours) {
        if (stack == null) {
            return null;
        }
        for (RecordedFrame frame : stack.getFrames()) {
            String type = frame.getMethod().getType().getName();
            if (!ours || type.startsWith("dev.emc.")) {
                return type + "." + frame.getMethod().getName();
            }
        }
        return null;
    }
}
