package dev.emc.core.deployment;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import io.quarkus.runtime.configuration.ConfigurationException;

/** Picks the connector of an application; anything but exactly one match fails the build with a sentence. */
final class ConnectorChoice {

    /** The build property that names the connector. */
    static final String PROPERTY = "emc.connector";

    private ConnectorChoice() {}

    static ConnectorBuildItem pick(Optional<String> wanted, List<ConnectorBuildItem> candidates) {
        if (candidates.isEmpty()) {
            throw failure("no emc connector is on the class path; add the dependency of one, for example dev.emc:emc-file");
        }
        String offered = candidates.stream().map(ConnectorBuildItem::name).distinct().sorted()
                .collect(Collectors.joining(", "));
        if (wanted.isEmpty()) {
            throw failure("which connector is this? Set " + PROPERTY + " in application.properties to one of: " + offered);
        }
        List<ConnectorBuildItem> matches = candidates.stream().filter(c -> c.name().equals(wanted.get())).toList();
        if (matches.isEmpty()) {
            throw failure(PROPERTY + "=" + wanted.get() + " is none of the connectors on the class path; set it to one of: "
                    + offered);
        }
        if (matches.size() > 1) {
            throw failure("two extensions offer " + wanted.get() + ": "
                    + matches.stream().map(c -> c.connectorClass().getName()).collect(Collectors.joining(" and "))
                    + "; remove the dependency of one of them");
        }
        return matches.get(0);
    }

    private static ConfigurationException failure(String sentence) {
        return new ConfigurationException(sentence);
    }
}
