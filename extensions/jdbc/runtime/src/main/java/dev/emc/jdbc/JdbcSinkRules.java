package dev.emc.jdbc;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonPointer;

import dev.emc.api.ConfigProblem;
import dev.emc.kit.Template;
import dev.emc.kit.Tls;

/** What the settings of a sink must fulfil beyond their types. */
final class JdbcSinkRules {

    private JdbcSinkRules() {}

    static List<ConfigProblem> check(JdbcSinkConfig config) {
        List<ConfigProblem> problems = new ArrayList<>(connection(config));
        problems.addAll(Template.check("table", config.table()));
        if (problems.stream().noneMatch(problem -> problem.key().equals("table"))) {
            parsed("table", config.table(), table -> TableName.constant(Template.parse(table)), problems);
        }
        config.row().ifPresent(pointer -> parsed("row", pointer, JdbcSinkRules::pointer, problems));
        config.deleteRow().ifPresent(pointer -> parsed("delete-row", pointer, JdbcSinkRules::pointer, problems));
        config.deleteWhen().ifPresent(condition -> parsed("delete-when", condition, RowMapper.Condition::parse, problems));
        config.columns().forEach((column, source) -> parsed("columns." + column, source, ColumnSource::parse, problems));
        if (config.deleteWhen().isPresent() && !config.deletes()) {
            problems.add(new ConfigProblem("delete-when", "has no effect without connector.deletes",
                    "set connector.deletes to true"));
        }
        if (config.unknownFields() == JdbcSinkConfig.UnknownFields.COLUMN && config.unknownFieldsColumn().isEmpty()) {
            problems.add(new ConfigProblem("unknown-fields", "column needs a column",
                    "set connector.unknown-fields-column"));
        }
        if (config.fields() == JdbcSinkConfig.Fields.NONE && config.columns().isEmpty()) {
            problems.add(new ConfigProblem("fields", "none leaves nothing to write", "set connector.columns"));
        }
        if (config.schema() != JdbcSinkConfig.SchemaChange.NONE && config.key().isEmpty()
                && config.mode() != JdbcSinkConfig.Mode.INSERT) {
            problems.add(new ConfigProblem("schema", "a new table needs a primary key with connector.mode: "
                    + config.mode().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), "set connector.key"));
        }
        try {
            zone(config.timezone());
        } catch (DateTimeException e) {
            problems.add(new ConfigProblem("timezone", "\"" + config.timezone() + "\" is not known",
                    "use a name such as Europe/Berlin or UTC"));
        }
        return problems;
    }

    /** What holds for the connection of sinks and sources. */
    static List<ConfigProblem> connection(JdbcConnectionConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        if (Vendor.of(config.url()).isEmpty()) {
            problems.add(new ConfigProblem("url", "is no address of a database that this connector knows",
                    "begin it with " + Vendor.URLS));
        }
        positive("connect-timeout", config.connectTimeout(), problems);
        positive("statement-timeout", config.statementTimeout(), problems);
        problems.addAll(Tls.check("tls", config.tls()));
        if (config.tls().enabled() && Vendor.of(config.url()).filter(vendor -> vendor == Vendor.H2).isPresent()) {
            problems.add(new ConfigProblem("tls.enabled", "has no effect with H2", "use a URL that begins with jdbc:h2:ssl:"));
        }
        return problems;
    }

    private static void positive(String key, Duration time, List<ConfigProblem> problems) {
        if (time.isNegative() || time.isZero()) {
            problems.add(new ConfigProblem(key, "must be more than 0"));
        }
    }

    /** Reads a text and throws {@link IllegalArgumentException} when it is wrong. */
    private interface Reader {

        Object read(String text);
    }

    private static void parsed(String key, String text, Reader reader, List<ConfigProblem> problems) {
        try {
            reader.read(text);
        } catch (IllegalArgumentException e) {
            problems.add(new ConfigProblem(key, e.getMessage()));
        }
    }

    private static JsonPointer pointer(String text) {
        try {
            return JsonPointer.compile(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no JSON pointer, which begins with a slash", e);
        }
    }

    /** @throws DateTimeException when there is no zone of this name */
    static ZoneId zone(String name) {
        return name.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(name);
    }
}
