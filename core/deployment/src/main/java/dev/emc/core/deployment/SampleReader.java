package dev.emc.core.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.quarkus.runtime.configuration.ConfigurationException;

import dev.emc.core.config.ConfigCheck;
import dev.emc.core.config.ConfigFile;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;
import dev.emc.core.config.Problem;

/**
 * The short config file that a connector's author gives to its users: a resource of the extension, {@code
 * META-INF/emc/<connector>.yaml}. It has to be valid as it stands, without any variable.
 */
final class SampleReader {

    private static final Environment EMPTY = new Environment(Map.of(), Map.of());

    private SampleReader() {}

    /** @throws ConfigurationException when there is none */
    static String read(String connector, ClassLoader loader) {
        String resource = resource(connector);
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw new ConfigurationException(connector + " has no sample config file: write a short one that works,"
                        + " src/main/resources/" + resource + " of its extension");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + resource, e);
        }
    }

    /** @throws ConfigurationException when the connector wouldn't take its sample */
    static Descriptor checked(Descriptor descriptor) {
        String resource = resource(descriptor.name());
        ConfigFile sample = ConfigFile.parse(resource, descriptor.sample(), EMPTY);
        List<Problem> problems = ConfigCheck.check(descriptor, sample, List.of(), EMPTY).problems();
        if (!problems.isEmpty()) {
            throw new ConfigurationException("the sample config file is not valid:\n"
                    + problems.stream().map(Problem::text).collect(Collectors.joining("\n")));
        }
        return descriptor;
    }

    private static String resource(String connector) {
        return "META-INF/emc/" + connector + ".yaml";
    }
}
