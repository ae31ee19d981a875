package dev.emc.core.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.emc.api.ConnectorRecord;
import dev.emc.core.config.Json;
import dev.emc.core.deadletters.DeadLetterEntry;
import dev.emc.wire.EventFormatException;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Shows everything of one dead letter. */
final class DeadLettersShowCommand extends DeadLettersCommand {

    DeadLettersShowCommand() {
        super("show", "show everything of one, also its payload");
    }

    @Override
    void options(CommandSpec spec) {
        super.options(spec);
        spec.addPositional(PositionalParamSpec.builder().index("0").required(true).arity("1").paramLabel("ID")
                .type(String.class).description("as \"dead-letters list\" prints it").build());
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        String id = arguments.matchedPositionalValue(0, "");
        Optional<DeadLetterEntry> found = subject.file().find(id);
        if (found.isEmpty()) {
            return Result.usage("there is no dead letter \"" + id + "\" in " + subject.file().path(),
                    "\"dead-letters list --all\" lists them");
        }
        Map<String, Object> letter = json(found.get());
        return Result.ok(text(letter), letter);
    }

    private static Map<String, Object> json(DeadLetterEntry entry) {
        Map<String, Object> letter = Json.object("id", entry.id(), "time", entry.time().toString(), "worker", entry.worker(),
                "connector", entry.connector(), "error",
                Json.object("class", entry.errorClass(), "message", entry.error()), "attempts", entry.attempts(), "replayed",
                entry.replayed());
        entry.topic().ifPresent(topic -> letter.put("topic", topic));
        entry.position().ifPresent(position -> letter.put("position",
                Json.object("partition", new TreeMap<>(position.partition()), "offset", new TreeMap<>(position.offset()))));
        try {
            if (entry.readable()) {
                event(entry.record(), letter);
                return letter;
            }
        } catch (EventFormatException damaged) {
            letter.put("damage", damaged.getMessage());
            return letter;
        }
        payload(entry.body(), "body", letter);
        return letter;
    }

    private static void event(ConnectorRecord record, Map<String, Object> letter) {
        letter.put("attributes", record.attributes());
        if (record.timestamp() != null) {
            letter.put("eventtime", record.timestamp().toString());
        }
        if (record.contentType() != null) {
            letter.put("contenttype", record.contentType());
        }
        if (record.data() != null) {
            payload(record.data(), "data", letter);
        }
    }

    private static void payload(byte[] bytes, String name, Map<String, Object> letter) {
        letter.put("bytes", bytes.length);
        if (isText(bytes)) {
            letter.put(name, new String(bytes, StandardCharsets.UTF_8));
        } else {
            letter.put(name + "_base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** One line for each value; the payload comes last and as it is. */
    private static String text(Map<String, Object> values) {
        var text = new StringBuilder();
        append(values, "", text);
        return text.toString().stripTrailing();
    }

    private static void append(Map<?, ?> values, String indent, StringBuilder text) {
        values.forEach((name, value) -> {
            text.append(indent).append(name).append(':');
            if (value instanceof Map<?, ?> below) {
                text.append('\n');
                append(below, indent + "  ", text);
            } else if (value.toString().indexOf('\n') >= 0) {
                text.append('\n').append(value).append('\n');
            } else {
                text.append(' ').append(value).append('\n');
            }
        });
    }
}
