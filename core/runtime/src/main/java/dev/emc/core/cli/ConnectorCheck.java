package dev.emc.core.cli;

import java.util.List;

import dev.emc.api.ConfigProblem;
import dev.emc.api.Connector;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Settings;

/** What the connector itself says of settings that are valid otherwise. */
final class ConnectorCheck {

    private ConnectorCheck() {}

    /** The settings with what the connector finds wrong with its own keys, each problem at its place. */
    static Settings of(Connector connector, Settings settings) {
        List<ConfigProblem> found = connector.validate();
        List<Problem> problems = found.stream()
                .map(problem -> settings.problem("connector." + problem.key(), problem.message(), problem.suggestion()))
                .toList();
        return settings.with(problems);
    }
}
