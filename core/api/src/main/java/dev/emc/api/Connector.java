package dev.emc.api;

import java.util.List;

/** What sources and sinks have in common. */
public interface Connector extends AutoCloseable {

    /**
     * Looks at the connector's own settings beyond the types of their values: patterns that don't parse, keys that exclude
     * each other. Touches nothing outside this process. Called before {@code start}, and by the command {@code validate}.
     *
     * @return everything that is wrong; empty when the settings make sense
     */
    default List<ConfigProblem> validate() {
        return List.of();
    }

    /**
     * Looks whether the outside system can be reached and lets this connector do its work, for the command {@code doctor}.
     * Called in place of {@code start}; changes nothing, and gives back all that it has opened.
     *
     * @return what was looked at, in the order in which a user would; empty when there is nothing that can be looked at
     * @throws Exception when looking fails in a way that no check describes
     */
    default List<Check> check() throws Exception {
        return List.of();
    }

    @Override
    void close() throws Exception;
}
