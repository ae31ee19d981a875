package dev.emc.testkit.conformance;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

import dev.emc.core.config.ConfigCheck;
import dev.emc.core.config.ConfigFile;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Settings;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.deployment.DescriptorWriter;

/** Goes the way from a config file to configuration objects that an application goes. */
final class Wiring<C> {

    private static final Environment EMPTY = new Environment(Map.of(), Map.of());

    private final ConnectorDriver<C> driver;
    private final Descriptor descriptor;

    Wiring(ConnectorDriver<C> driver) {
        this.driver = driver;
        this.descriptor = new DescriptorWriter(Thread.currentThread().getContextClassLoader()).describeKeys(driver.name(),
                driver.configClass());
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** What {@code validate} says of a file, before the connector's own rules. */
    Settings check(Path file) {
        return ConfigCheck.check(descriptor, ConfigFile.read(file, EMPTY), List.of(), EMPTY);
    }

    static String text(Settings settings) {
        return String.join("\n", settings.problems().stream().map(Problem::text).toList());
    }

    /** The configuration objects of a file that has to be valid. */
    Configs<C> configs(Path file) {
        Settings settings = check(file);
        if (!settings.isValid()) {
            throw new AssertionError("the driver's place is no valid configuration:\n" + text(settings));
        }
        Map<String, String> values = new HashMap<>();
        settings.values().forEach((key, value) -> values.put("emc." + key, value.replace("$", "$$")));
        SmallRyeConfig config = new SmallRyeConfigBuilder().addDiscoveredConverters().addDefaultInterceptors()
                .withMapping(WorkerConfig.class)
                .withMapping(driver.configClass()).withDefaultValues(values).withValidateUnknown(false).build();
        return new Configs<>(config.getConfigMapping(WorkerConfig.class), config.getConfigMapping(driver.configClass()));
    }

    record Configs<C>(WorkerConfig worker, C connector) {}
}
