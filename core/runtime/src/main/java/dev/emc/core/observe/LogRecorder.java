package dev.emc.core.observe;

import java.util.Optional;
import java.util.logging.Formatter;

import org.eclipse.microprofile.config.ConfigProvider;

import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.annotations.Recorder;

/** Gives the console its formatter. */
@Recorder
public class LogRecorder {

    /** Ours when {@code log.format} is {@code json}, else the one of {@code quarkus.log.console.format}. */
    public RuntimeValue<Optional<Formatter>> consoleFormatter() {
        boolean json = ConfigProvider.getConfig().getOptionalValue("emc.log.format", String.class)
                .filter("json"::equalsIgnoreCase).isPresent();
        return new RuntimeValue<>(json ? Optional.of(new JsonLogFormatter()) : Optional.empty());
    }
}
