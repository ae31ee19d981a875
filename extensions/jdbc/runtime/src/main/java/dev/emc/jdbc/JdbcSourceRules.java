package dev.emc.jdbc;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.emc.api.ConfigProblem;
import dev.emc.kit.Template;

/** What can be told of the settings of a source without a database. */
final class JdbcSourceRules {

    private final JdbcSourceConfig config;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private JdbcSourceRules(JdbcSourceConfig config) {
        this.config = config;
    }

    static List<ConfigProblem> problems(JdbcSourceConfig config) {
        JdbcSourceRules rules = new JdbcSourceRules(config);
        rules.problems.addAll(JdbcSinkRules.connection(config));
        rules.what();
        rules.columns();
        rules.start();
        rules.numbers();
        rules.problems.addAll(Template.check("type", config.type()));
        config.source().ifPresent(text -> rules.problems.addAll(Template.check("source", text)));
        config.subject().ifPresent(text -> rules.problems.addAll(Template.check("subject", text)));
        config.topic().ifPresent(text -> rules.problems.addAll(Template.check("topic", text)));
        return rules.problems;
    }

    private void problem(String key, String message) {
        problems.add(new ConfigProblem(key, message));
    }

    private void what() {
        boolean tables = config.tables().isPresent() && !config.tables().get().isEmpty();
        if (tables && config.query().isPresent()) {
            problem("query", "can't be set together with connector.tables; a query names its tables itself");
        } else if (!tables && config.query().isEmpty()) {
            problem("tables", "says what to read, and is not set; or set connector.query");
        }
        config.tables().ifPresent(names -> names("tables", names));
        config.excludeTables().ifPresent(names -> names("exclude-tables", names));
        config.query().ifPresent(this::query);
    }

    private void names(String key, List<String> names) {
        if (names.stream().anyMatch(String::isBlank)) {
            problem(key, "has an empty name");
        }
        if (new HashSet<>(names).size() < names.size()) {
            problem(key, "has a name twice");
        }
    }

    private void query(String query) {
        String text = query.strip();
        String start = text.toLowerCase(Locale.ROOT);
        if (text.endsWith(";")) {
            problem("query", "ends in a semicolon, which can't be within another query; leave it out");
        } else if (!start.startsWith("select") && !start.startsWith("with") && !start.startsWith("(")
                && !start.startsWith("table ") && !start.startsWith("values") && !start.startsWith("--")
                && !start.startsWith("/*")) {
            problem("query", "is no SELECT");
        }
        if (config.keyColumns().isEmpty()) {
            problem("key-columns", "has to be set for a query: the columns of its result that tell rows apart");
        }
        if (config.queryName().isBlank()) {
            problem("query-name", "is empty");
        }
        if (config.excludeTables().isPresent()) {
            problem("exclude-tables", "has no effect on a query; leave it out");
        }
    }

    private void columns() {
        Optional<List<String>> key = config.keyColumns();
        key.ifPresent(names -> names("key-columns", names));
        if (key.isPresent() && config.timestampColumn().isPresent()
                && key.get().stream().anyMatch(config.timestampColumn().get()::equalsIgnoreCase)) {
            problem("key-columns", "has the column of connector.timestamp-column, which comes first anyway; leave it out here");
        }
        config.timezone().ifPresent(zone -> {
            try {
                JdbcSinkRules.zone(zone);
            } catch (DateTimeException e) {
                problem("timezone", "\"" + zone + "\" is no time zone; use UTC, Europe/Berlin or +01:00, for example");
            }
        });
    }

    private void start() {
        boolean isValue = config.start() == JdbcSourceConfig.Start.VALUE;
        if (isValue && config.startValue().isEmpty()) {
            problem("start-value", "has to be set for connector.start: value");
        } else if (!isValue && config.startValue().isPresent()) {
            problem("start-value", "has an effect only with connector.start: value");
        }
    }

    private void numbers() {
        if (config.chunkSize() < 1) {
            problem("chunk-size", "has to be 1 or more");
        }
        if (config.interval().toMillis() < 1) {
            problem("interval", "has to be 1ms or more");
        }
        if (config.discoveryInterval().toMillis() < 1) {
            problem("discovery-interval", "has to be 1ms or more");
        }
    }
}
