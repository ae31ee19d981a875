package dev.emc.kit;

import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;

import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;

/**
 * Text with placeholders that each event fills in, such as {@code orders-{type}-{/customer/id}}: where an event goes to, its
 * key, a message.
 *
 * <p>A placeholder is the name of an attribute ({@code {type}}, {@code {subject}}, an extension, {@code {time}},
 * {@code {datacontenttype}}), {@code {topic}} for the mesh topic, {@code {time:yyyy-MM-dd}} for the time in UTC in a pattern of
 * {@link DateTimeFormatter}, {@code {data}} for the payload as text, or a JSON pointer into the payload ({@code {/customer/id}}).
 * What stands after a bar is taken when an event has no such thing: {@code {subject|none}}. A brace that no letter, slash or brace
 * follows is itself, so that JSON can be a template; <code>{{</code> is a brace in any case. Immutable.
 */
public final class Template {

    private static final Pattern PLACEHOLDER = Pattern
            .compile("\\{(?:(/[^{}|]*)|([a-z][a-z0-9]*)(?::([^{}|]+))?)(?:\\|([^{}]*))?\\}");

    private final String text;
    private final List<Part> parts;

    private Template(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException when it can't be one; the message says what is wrong, small first letter, no full stop
     */
    public static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(text);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '{' || at + 1 == text.length() || !opens(text.charAt(at + 1))) {
                literal.append(c);
                at++;
            } else if (text.charAt(at + 1) == '{') {
                literal.append('{');
                at += 2;
            } else if (placeholder.region(at, text.length()).lookingAt()) {
                parts.add(new Literal(literal.toString()));
                literal.setLength(0);
                parts.add(part(placeholder));
                at = placeholder.end();
            } else {
                throw new IllegalArgumentException("has no valid placeholder at \"" + excerpt(text, at)
                        + "\": expected {attribute}, {/json/pointer} or one of these with a default, {attribute|none}");
            }
        }
        parts.add(new Literal(literal.toString()));
        parts.removeIf(part -> part instanceof Literal empty && empty.text.isEmpty());
        return new Template(text, List.copyOf(parts));
    }

    /** What is wrong with the template that is the value of a key; nothing when it can be read. */
    public static List<ConfigProblem> check(String key, String text) {
        try {
            parse(text);
            return List.of();
        } catch (IllegalArgumentException wrong) {
            return List.of(new ConfigProblem(key, wrong.getMessage()));
        }
    }

    private static boolean opens(char next) {
        return next == '{' || next == '/' || Character.isLetter(next);
    }

    private static String excerpt(String text, int at) {
        int end = text.indexOf('}', at);
        return text.substring(at, Math.min(end < 0 ? text.length() : end + 1, at + 40));
    }

    private static Part part(Matcher placeholder) {
        String fallback = placeholder.group(4);
        String name = placeholder.group(2);
        if (name == null) {
            return new Pointer(JsonPointer.compile(placeholder.group(1)), fallback);
        }
        String pattern = placeholder.group(3);
        if (pattern == null) {
            return new Attribute(name, fallback);
        }
        if (!name.equals("time")) {
            throw new IllegalArgumentException("has a pattern in {" + name + ":" + pattern + "}, which only {time:…} can have");
        }
        try {
            return new Time(DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC), fallback);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("has a wrong time pattern: " + wrong.getMessage(), wrong);
        }
    }

    /** Whether every event gets the same text. */
    public boolean isConstant() {
        return parts.stream().allMatch(Literal.class::isInstance);
    }

    /** Whether an event's payload is looked into. */
    public boolean readsPayload() {
        return parts.stream().anyMatch(part -> part instanceof Pointer || part instanceof Attribute a && a.name.equals("data"));
    }

    /**
     * Fills it in.
     *
     * @throws PermanentException when the event doesn't have what a placeholder without a default asks for
     */
    public String apply(ConnectorRecord event) throws PermanentException {
        return apply(event, UnaryOperator.identity());
    }

    /**
     * Fills it in.
     *
     * @param escape makes a value safe where it stands, in a URL for example; the template's own text stays as it is
     * @throws PermanentException when the event doesn't have what a placeholder without a default asks for
     */
    public String apply(ConnectorRecord event, UnaryOperator<String> escape) throws PermanentException {
        if (parts.size() == 1 && parts.get(0) instanceof Literal constant) {
            return constant.text;
        }
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Literal literal) {
                filled.append(literal.text);
                continue;
            }
            String value = part.value(event);
            if (value == null) {
                value = part.fallback();
            }
            if (value == null) {
                throw new PermanentException(
                        "Event '" + event.id() + "' has no " + part.name() + ", which the template \"" + text
                                + "\" asks for; a default can stand there after a bar, as in {subject|none}.");
            }
            filled.append(escape.apply(value));
        }
        return filled.toString();
    }

    @Override
    public String toString() {
        return text;
    }

    private sealed interface Part {

        /** What the event has there; null for nothing. */
        String value(ConnectorRecord event) throws PermanentException;

        /** What counts when it has nothing; null for nothing. */
        String fallback();

        /** What it is, for messages. */
        String name();
    }

    private record Literal(String text) implements Part {

        @Override
        public String value(ConnectorRecord event) {
            return text;
        }

        @Override
        public String fallback() {
            return null;
        }

        @Override
        public String name() {
            return text;
        }
    }

    private record Attribute(String name, String fallback) implements Part {

        @Override
        public String value(ConnectorRecord event) {
            return switch (name) {
                case "topic" -> event.topic();
                case "time" -> event.timestamp() == null ? null : event.timestamp().toString();
                case "datacontenttype" -> event.contentType();
                case "data" -> event.text();
                default -> event.attribute(name);
            };
        }
    }

    private record Time(DateTimeFormatter format, String fallback) implements Part {

        @Override
        public String value(ConnectorRecord event) throws PermanentException {
            try {
                return event.timestamp() == null ? null : format.format(event.timestamp());
            } catch (DateTimeException outOfRange) {
                throw new PermanentException("The time of event '" + event.id() + "' can't be written in this pattern: "
                        + outOfRange.getMessage(), outOfRange);
            }
        }

        @Override
        public String name() {
            return "time";
        }
    }

    private record Pointer(JsonPointer pointer, String fallback) implements Part {

        @Override
        public String value(ConnectorRecord event) throws PermanentException {
            return event.data() == null || event.data().length == 0
                    ? null
                    : JsonText.textAt(pointer, event.data(), event.id());
        }

        @Override
        public String name() {
            return pointer + " in its payload";
        }
    }
}
