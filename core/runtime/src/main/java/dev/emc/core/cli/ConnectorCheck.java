package dev.emc.core.cli;

import java.util.ArrayList;
import java.util.List;

import dev.emc.api.ConfigProblem;
import dev.emc.api.Connector;
import dev.emc.api.Source;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Problem.Severity;
import dev.emc.core.config.Settings;

/** What the connector itself says of settings that are valid otherwise. */
final class ConnectorCheck {

    private ConnectorCheck() {}

    /** The settings with what the connector finds wrong with its own keys, each problem at its place. */
    static Settings of(Connector connector, Settings settings) {
        List<ConfigProblem> found = connector.validate();
        List<Problem> problems = new ArrayList<>();
        found.forEach(problem -> problems
                .add(settings.problem("connector." + problem.key(), problem.message(), problem.suggestion())));
        if (connector instanceof Source source && source.selfCoordinated()) {
            settings.places().forEach((key, place) -> {
                if (key.startsWith("registry.")) {
                    problems.add(new Problem(Severity.NOTE, place.file(), place.line(), place.key() == null ? key : place.key(),
                            "has no effect: the outside system itself keeps the positions of this source", null));
                }
            });
        }
        return settings.with(problems);
    }
}
