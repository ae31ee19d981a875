package dev.emc.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.kit.Template;

/**
 * The name of a table, as a user wrote it or an event has it.
 *
 * @param schema the schema, or with MariaDB and MySQL the database; null for the current one
 */
record TableName(String schema, String name) {

    /** Stands for a dot that is part of a name; no name has it. */
    private static final char INNER_DOT = '\uE00E';

    /**
     * The table of an event. Dots in the template divide schema and name; dots in what an event fills in don't.
     *
     * @throws PermanentException when the event has nothing to fill in, or the name can't be one
     */
    static TableName of(Template template, ConnectorRecord event) throws PermanentException {
        UnaryOperator<String> inner = value -> value.replace('.', INNER_DOT);
        List<String> parts = new ArrayList<>();
        for (String part : template.apply(event, inner).split("\\.", -1)) {
            parts.add(part.replace(INNER_DOT, '.'));
        }
        if (parts.size() > 2 || parts.stream().anyMatch(part -> part.isBlank() || part.indexOf('\0') >= 0)) {
            throw new PermanentException(
                    "Event '" + event.id() + "' goes to no table: \"" + Values.excerpt(String.join(".", parts))
                            + "\" is no name of a table.");
        }
        return parts.size() == 1 ? new TableName(null, parts.get(0)) : new TableName(parts.get(0), parts.get(1));
    }

    /**
     * The table of all events; null when each has its own.
     *
     * @throws IllegalArgumentException when it is no name; the message says so, small first letter, no full stop
     */
    static TableName constant(Template template) {
        try {
            return template.isConstant() ? of(template, ConnectorRecord.builder().build()) : null;
        } catch (PermanentException e) {
            throw new IllegalArgumentException("is no name of a table, which is name or schema.name", e);
        }
    }

    @Override
    public String toString() {
        return schema == null ? name : schema + "." + name;
    }
}
