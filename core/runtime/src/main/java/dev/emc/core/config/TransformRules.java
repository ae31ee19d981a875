package dev.emc.core.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.emc.core.config.WorkerRules.Report;
import dev.emc.core.transform.FilterExpression;
import dev.emc.core.transform.InvalidFilterException;

/** What the values of {@code filter} and {@code transform} must fulfil. Looks only at values that are set. */
final class TransformRules {

    private static final String FILTER = "filter";
    private static final String RENAME = "transform.rename";
    private static final String DROP = "transform.drop";
    private static final String SET = "transform.set";
    private static final String PICK = "transform.pick";
    private static final Set<String> REQUIRED = Set.of("id", "source", "type");
    private static final Set<String> CONTEXT = Set.of("id", "source", "type", "subject", "dataschema");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[^\\s/;,]+/[^\\s/;,]+\\s*(;.*)?");

    private final Map<String, String> values;
    private final Report report;
    private final Map<String, String> rename;
    private final Map<String, String> set;

    TransformRules(Map<String, String> values, Report report) {
        this.values = values;
        this.report = report;
        this.rename = below(RENAME);
        this.set = below(SET);
    }

    void check() {
        filter();
        rename();
        drop();
        set.forEach(this::set);
        pick();
    }

    /** The elements of a map by their names, without the quotes that names with other characters have. */
    private Map<String, String> below(String map) {
        var elements = new LinkedHashMap<String, String>();
        values.forEach((key, value) -> {
            if (key.startsWith(map + ".")) {
                elements.put(key.substring(map.length() + 1), value);
            }
        });
        return elements;
    }

    private void filter() {
        String filter = values.get(FILTER);
        if (filter == null) {
            return;
        }
        try {
            FilterExpression.check(filter);
        } catch (InvalidFilterException e) {
            report.error(FILTER, e.getMessage(), e.suggestion());
        }
    }

    private void rename() {
        var targets = new HashSet<String>();
        rename.forEach((before, after) -> {
            String key = RENAME + "." + before;
            if (!name(key, before, true) || !name(key, after, false)) {
                return;
            }
            if (before.equals(after)) {
                report.error(key, "is the old name and the new one", null);
            } else if (!targets.add(after)) {
                report.error(key, "gives a name to a second attribute: " + after, null);
            } else if (REQUIRED.contains(before) && !set.containsKey(before)) {
                report.error(key, "every event needs its " + before,
                        before.equals("id") ? null : "give it a new one with " + SET + "." + before);
            }
        });
    }

    private void drop() {
        if (values.get(DROP) == null) {
            return;
        }
        for (String name : ValueList.split(values.get(DROP))) {
            if (!name(DROP, name, false)) {
                continue;
            }
            if (REQUIRED.contains(name)) {
                report.error(DROP, "every event needs its " + name,
                        name.equals("id") ? null : SET + "." + name + " gives it another one");
            } else if (set.containsKey(name) || rename.containsValue(name)) {
                report.error(DROP, "leaves out " + name + ", which " + (set.containsKey(name) ? SET : RENAME) + " gives",
                        "remove one of the two");
            }
        }
    }

    private void set(String name, String value) {
        String key = SET + "." + name;
        if (!name(key, name, true)) {
            return;
        }
        if (name.equals("id")) {
            report.error(key, "all events would have one id, and count as repetitions of the first", null);
        } else if (rename.containsValue(name)) {
            report.error(key, "is the new name of another attribute, too", "remove one of the two");
        } else if (CONTEXT.contains(name) && value.isBlank()) {
            report.error(key, "must not be empty", REQUIRED.contains(name) ? null : "leave it out with " + DROP);
        } else if ((name.equals("source") || name.equals("dataschema")) && !isUri(value)) {
            report.error(key, "expected a URI, not \"" + value + "\"", null);
        } else if (name.equals("time") && !isTime(value)) {
            report.error(key, "expected a date and time such as 2026-11-22T15:00:00Z, not \"" + value + "\"", null);
        } else if (name.equals("datacontenttype") && !MEDIA_TYPE.matcher(value).matches()) {
            report.error(key, "expected a media type such as application/json, not \"" + value + "\"", null);
        }
    }

    /** @param inKey whether the name stands in the key, so that the message need not repeat it */
    private boolean name(String key, String name, boolean inKey) {
        String subject = inKey ? "" : '"' + name + "\" ";
        if (name.equals("specversion")) {
            report.error(key, subject + "can't be changed: emc speaks CloudEvents 1.0", null);
        } else if (name.equals("data") || name.equals("data_base64")) {
            report.error(key, subject + "is the payload, not an attribute",
                    "transform.pick, transform.wrap and transform.convert change the payload");
        } else if (!NAME.matcher(name).matches()) {
            report.error(key, subject + "is no name of an attribute: those have lower-case letters and digits only",
                    nameMeant(name));
        } else {
            return true;
        }
        return false;
    }

    private static String nameMeant(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return plain.isEmpty() ? null : "did you mean " + (plain.equals("contenttype") ? "datacontenttype" : plain) + "?";
    }

    private static boolean isUri(String text) {
        try {
            new URI(text);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isTime(String text) {
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void pick() {
        String pointer = values.get(PICK);
        if (pointer == null) {
            return;
        }
        if (!pointer.startsWith("/")) {
            report.error(PICK, "expected a JSON pointer such as /order/id, not \"" + pointer + "\"", pointerMeant(pointer));
        } else if (pointer.matches(".*~(?![01]).*")) {
            report.error(PICK, "in a JSON pointer ~0 stands for ~ and ~1 for /, no other ~ is allowed", null);
        }
    }

    /** A JSON path, or a pointer as it stands in a URI, as a pointer. */
    private static String pointerMeant(String text) {
        String plain = text.replaceFirst("^[#$]*", "");
        if (!plain.startsWith("/")) {
            plain = "/" + plain.replaceFirst("^\\.", "").replace('.', '/').replaceAll("\\[(\\d+)]", "/$1");
        }
        return plain.matches("(/[\\w-]+)+") ? "did you mean " + plain + "?" : null;
    }
}
