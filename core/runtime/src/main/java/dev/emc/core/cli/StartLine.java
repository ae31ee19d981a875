package dev.emc.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Settings;

/** The one line that says that records can flow. */
final class StartLine {

    private StartLine() {}

    /** For example {@code emc-file-sink is running: topic orders → out/orders.ndjson (in 0.021 s, http://127.0.0.1:8080)}. */
    static String text(Settings settings, Descriptor descriptor, OptionalInt httpPort) {
        StringBuilder line = new StringBuilder("emc-").append(descriptor.name()).append(" is running: ")
                .append(Route.text(settings, descriptor));
        long millis = millisSinceStart();
        line.append(" (started in ").append(millis / 1000.0).append(" s");
        httpPort.ifPresent(port -> line.append(", http://").append(settings.value("http.host", descriptor))
                .append(':').append(port));
        return line.append(')').toString();
    }

    /** Since the process was started, to 10 ms. The process handle knows the start only to about a second. */
    private static long millisSinceStart() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            // proc(5), field 22: ticks of 10 ms from the boot to the start; the name in brackets is field 2
            String ticks = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
            double now = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
            return Math.max(0, Math.round(now * 1000) - Long.parseLong(ticks) * 10);
        } catch (IOException | RuntimeException noLinux) {
            return ProcessHandle.current().info().startInstant()
                    .map(start -> Duration.between(start, Instant.now()).toMillis()).orElse(0L);
        }
    }
}
