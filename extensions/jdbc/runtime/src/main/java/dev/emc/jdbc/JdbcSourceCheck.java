package dev.emc.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;

/** Looks at a source's database for {@code doctor}. */
final class JdbcSourceCheck {

    private final JdbcSourceConfig config;
    private final Database database;
    private final List<Check> checks = new ArrayList<>();

    JdbcSourceCheck(JdbcSourceConfig config, Database database) {
        this.config = config;
        this.database = database;
    }

    List<Check> checks() {
        String subject = "database " + database.address();
        Connection connection;
        try {
            connection = database.connection();
            checks.add(Check.passed(subject, "answers: " + connection.getMetaData().getDatabaseProductName() + " "
                    + connection.getMetaData().getDatabaseProductVersion()));
        } catch (ConnectorException e) {
            checks.add(Check.failed(subject, e.getMessage(), e instanceof FatalException
                    ? "correct connector.url, connector.user or connector.password"
                    : "start the database, or change connector.url"));
            return checks;
        } catch (SQLException e) {
            checks.add(Check.failed(subject, SqlErrors.reason(e), "start the database, or change connector.url"));
            return checks;
        }
        relations(connection);
        return checks;
    }

    private void relations(Connection connection) {
        Relations relations = new Relations(database.vendor(), config);
        try {
            if (config.query().isPresent()) {
                relation(connection, Optional.empty(), relations);
                return;
            }
            List<Relations.Found> tables = relations.tables(connection);
            if (tables.isEmpty()) {
                checks.add(Check.failed("tables " + String.join(", ", config.tables().orElse(List.of())), "there are none",
                        "change connector.tables, or let the user see them"));
            }
            for (Relations.Found table : tables) {
                relation(connection, Optional.of(table), relations);
            }
        } catch (FatalException e) {
            checks.add(Check.failed("tables", e.getMessage(), "change connector.tables, or let the user see the table"));
        } catch (SQLException e) {
            checks.add(Check.failed("tables", SqlErrors.reason(e), "let the user read the catalogue of the database"));
        }
    }

    private void relation(Connection connection, Optional<Relations.Found> table, Relations relations) {
        String subject = table.map(found -> "table " + found.fullName()).orElse("query " + config.queryName());
        try {
            Relation relation = table.isPresent() ? relations.table(connection, table.get()) : relations.query(connection);
            RelationReader reader = new RelationReader(database.vendor(), relation, config, new RowEvents(config));
            reader.read(connection, 1);
            checks.add(Check.passed(subject, "can be read by "
                    + String.join(", ", relation.columns().stream().map(KeyColumn::name).toList())));
            Optional<Duration> ahead = new Frontier(database.vendor(), relation, config).ahead(connection);
            if (ahead.isPresent()) {
                checks.add(Check.failed(subject, "the newest " + relation.first().name() + " lies "
                        + ahead.get().toString().substring(2).toLowerCase(Locale.ROOT)
                        + " in the future of the database's clock, and is read only then",
                        "set connector.timezone to the zone of these values, or correct them"));
            }
            if (table.isPresent() && !table.get().byNameOnly()
                    && !relations.hasIndex(connection, table.get(), relation.first().name())) {
                checks.add(Check.passed(subject, "has no index that begins with " + relation.first().name()
                        + ", so that each look reads the whole table; better create one"));
            }
            connection.commit();
        } catch (ConnectorException e) {
            checks.add(Check.failed(subject, e.getMessage(), "change the keys that the message names"));
        } catch (SQLException e) {
            checks.add(Check.failed(subject, "can't be read: " + SqlErrors.reason(e),
                    "let the user " + config.user().orElse("of the database") + " read it, or correct connector.query"));
            rollback(connection);
        }
    }

    private void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            database.discard();
        }
    }
}
