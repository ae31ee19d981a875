package dev.emc.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.http.server.Answer;
import dev.emc.kit.JsonText;
import dev.emc.kit.Template;

/**
 * A template of JSON. Within quotes a value is text, as in <code>{"title": "New: {subject}"}</code>; elsewhere it is a JSON value, as
 * in <code>{"order": {data}}</code>.
 */
final class JsonBody {

    private static final Pattern STRING_OR_PLACEHOLDER = Pattern
            .compile("\\{\\{|\\{(?:/[^{}|]*|[a-z][a-z0-9]*(?::[^{}|]+)?)(?:\\|[^{}]*)?\\}|\\\\.|\"");

    private final Template template;
    /** For each placeholder, whether it stands within quotes. */
    private final List<Boolean> quoted = new ArrayList<>();

    JsonBody(String text) {
        template = Template.parse(text);
        boolean inString = false;
        Matcher part = STRING_OR_PLACEHOLDER.matcher(text);
        while (part.find()) {
            if (part.group().equals("\"")) {
                inString = !inString;
            } else if (part.group().startsWith("{") && !part.group().equals("{{")) {
                quoted.add(inString);
            }
        }
    }

    byte[] apply(ConnectorRecord event) throws PermanentException {
        Iterator<Boolean> places = quoted.iterator();
        return template.apply(event, value -> places.next() ? Answer.quoted(value) : value(value))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String value(String value) {
        try {
            return new String(JsonText.of(value.getBytes(StandardCharsets.UTF_8), null, ""), StandardCharsets.UTF_8);
        } catch (PermanentException e) {
            throw new IllegalStateException("without a content type, everything can be written as JSON", e);
        }
    }
}
