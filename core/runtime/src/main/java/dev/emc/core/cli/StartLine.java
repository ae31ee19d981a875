package dev.emc.core.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

import dev.emc.core.config.Settings;

/** The one line that says that records can flow. */
final class StartLine {

    private StartLine() {}

    /** For example {@code emc-file-sink is running: topic orders → out/orders.ndjson (in 0.021 s, http://127.0.0.1:8080)}. */
    static String text(RunOptions options, OptionalInt httpPort) {
        Settings settings = options.settings();
        StringBuilder line = new StringBuilder("emc-").append(options.descriptor().name()).append(" is running: ")
                .append(Route.text(settings, options.descriptor()));
        long millis = ProcessHandle.current().info().startInstant()
                .map(start -> Duration.between(start, Instant.now()).toMillis()).orElse(0L);
        line.append(" (started in ").append(millis / 1000.0).append(" s");
        httpPort.ifPresent(port -> line.append(", http://").append(settings.value("http.host", options.descriptor()))
                .append(':').append(port));
        return line.append(')').toString();
    }
}
