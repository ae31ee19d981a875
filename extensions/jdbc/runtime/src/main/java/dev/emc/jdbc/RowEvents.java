package dev.emc.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

import dev.emc.api.PermanentException;
import dev.emc.api.Position;
import dev.emc.api.SourceRecord;
import dev.emc.kit.Template;

/** Makes events of rows. Their ids say where a row stands, so that a row that is read again has the same one. */
final class RowEvents {

    /** Beside the columns in an offset; no column is called so. */
    static final String SETTLED = "(complete up to)";

    /** In place of the columns in an offset: the first column's value of the first row to read; empty for the first row of all. */
    static final String FROM = "(from)";

    private static final int LONGEST_ID = 200;
    private static final int HASH_BYTES = 20;

    private final Optional<ZoneId> zone;
    private final Template type;
    private final Optional<Template> source;
    private final Optional<Template> subject;
    private final Optional<Template> topic;

    RowEvents(JdbcSourceConfig config) {
        this.zone = config.timezone().map(JdbcSinkRules::zone);
        this.type = Template.parse(config.type());
        this.source = config.source().map(Template::parse);
        this.subject = config.subject().map(Template::parse);
        this.topic = config.topic().map(Template::parse);
    }

    /**
     * The event of a row.
     *
     * @param values of the columns that rows are ordered by
     * @param settled the key up to which rows are complete; null for none beyond this row
     */
    SourceRecord event(Relation relation, List<Object> values, Object settled, RowJson.Row row) {
        Map<String, Object> offset = offset(relation, values);
        String id = id(relation.name(), offset);
        List<Object> key = List.copyOf(offset.values()).subList(relation.hasTimestamp() ? 1 : 0, offset.size());
        if (settled != null) {
            offset.put(SETTLED, relation.first().type().toOffset(settled));
        }
        String keyText = String.join(",", key.stream().map(Object::toString).toList());
        SourceRecord.Builder builder = SourceRecord.at(new Position(relation.partition(), offset)).data(row.json())
                .contentType("application/json").problem(row.problem()).attribute("id", id)
                .attribute("subject", keyText.isEmpty() ? null : keyText).attribute("table", relation.name());
        relation.timestamp().flatMap(column -> time(values.get(0))).ifPresent(builder::timestamp);
        return filledIn(builder.build());
    }

    /** Where reading goes on after a row of these values. */
    static Map<String, Object> offset(Relation relation, List<Object> values) {
        Map<String, Object> offset = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            KeyColumn column = relation.columns().get(i);
            offset.put(column.name(), column.type().toOffset(values.get(i)));
        }
        return offset;
    }

    private SourceRecord filledIn(SourceRecord plain) {
        SourceRecord.Builder builder = SourceRecord.like(plain);
        try {
            builder.attribute("type", type.apply(plain));
            if (source.isPresent()) {
                builder.attribute("source", source.get().apply(plain));
            }
            if (subject.isPresent()) {
                String text = subject.get().apply(plain);
                builder.attribute("subject", text.isEmpty() ? null : text);
            }
            if (topic.isPresent()) {
                builder.topic(topic.get().apply(plain));
            }
        } catch (PermanentException lacking) {
            builder.problem(plain.problem() == null ? lacking : plain.problem());
        }
        return builder.build();
    }

    private Optional<Instant> time(Object value) {
        try {
            Instant time = value instanceof OffsetDateTime moment
                    ? moment.toInstant()
                    : ((LocalDateTime) value).atZone(zone.orElseThrow()).toInstant();
            int year = time.atOffset(ZoneOffset.UTC).getYear();
            return year < 0 || year > 9999 ? Optional.empty() : Optional.of(time);
        } catch (DateTimeException infinite) {
            return Optional.empty();
        }
    }

    private static String id(String relation, Map<String, Object> offset) {
        StringJoiner id = new StringJoiner("/");
        id.add(escape(relation));
        offset.values().forEach(value -> id.add(escape(value.toString())));
        return id.length() <= LONGEST_ID ? id.toString() : hash(id.toString());
    }

    /** Keeps texts with slashes apart from the separators. */
    private static String escape(String text) {
        return text.replace("%", "%25").replace("/", "%2F");
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
