package dev.emc.core.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.emc.core.config.Descriptor.Guarantees;
import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Descriptor.KeyType;

/** Documents made from a {@link Descriptor}. */
public final class Description {

    private static final int WIDTH = 100;
    private static final String DYNAMIC = "\\$\\{";

    private final Descriptor descriptor;
    private final StringBuilder text = new StringBuilder();

    private Description(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** For the terminal: the connector's own keys first. */
    public static String text(Descriptor descriptor) {
        return new Description(descriptor).text();
    }

    /** A config file with comments, which is valid as it stands: what needn't be set is commented out. */
    public static String example(Descriptor descriptor) {
        return new Description(descriptor).example();
    }

    /** A page for the documentation; the catalogue adds what the artifact doesn't know of itself. */
    public static String markdown(Descriptor descriptor) {
        return new Description(descriptor).markdown();
    }

    /** JSON Schema, draft 2020-12, of config files in YAML or JSON, as maps, lists and scalars. */
    public static Object jsonSchema(Descriptor descriptor) {
        return new Description(descriptor).jsonSchema();
    }

    private String text() {
        line(descriptor.name() + ": " + Doc.plain(descriptor.summary()));
        line("");
        guarantees().forEach((name, fact) -> fact(name, Doc.plain(fact)));
        for (int i = 0; i < descriptor.guarantees().limits().size(); i++) {
            fact(i == 0 ? "limits" : "", Doc.plain(descriptor.guarantees().limits().get(i)));
        }
        for (Map.Entry<String, List<Key>> group : groups().entrySet()) {
            line("");
            line(group.getKey().isEmpty() ? "general" : group.getKey());
            for (Key key : group.getValue()) {
                line("  " + key.name() + "  (" + facts(key) + ")");
                Doc.wrap(Doc.plain(key.doc()), WIDTH - 6).forEach(doc -> line("      " + doc));
            }
        }
        line("");
        line("Each key also as environment variable (mesh.address: EMC_MESH_ADDRESS) or --set mesh.address=…");
        line("Values may hold ${VARIABLE}, ${VARIABLE:default} and ${file:/path}.");
        return text.toString().stripTrailing();
    }

    private void fact(String name, String fact) {
        String label = "  " + name + " ".repeat(13 - name.length());
        for (String part : Doc.wrap(fact, WIDTH - label.length())) {
            line(label + part);
            label = " ".repeat(label.length());
        }
    }

    private Map<String, String> guarantees() {
        Guarantees guarantees = descriptor.guarantees();
        var facts = new LinkedHashMap<String, String>();
        facts.put("delivery", guarantees.delivery());
        facts.put("ordering", guarantees.ordering());
        facts.put("idempotency", guarantees.idempotency());
        facts.put("tested with", String.join(", ", guarantees.testedWith()));
        return facts;
    }

    private static String facts(Key key) {
        var facts = new ArrayList<String>();
        facts.add(Values.typeName(key));
        if (key.required()) {
            facts.add("required");
        } else if (key.defaultValue() != null) {
            facts.add("default " + Values.defaultText(key));
        }
        if (key.secret()) {
            facts.add("secret");
        }
        return String.join(", ", facts);
    }

    private String markdown() {
        line("# " + descriptor.name());
        line("");
        line(descriptor.summary());
        line("");
        line("| | |");
        line("|---|---|");
        guarantees().forEach((name, fact) -> line("| " + name + " | " + cell(fact) + " |"));
        if (!descriptor.guarantees().limits().isEmpty()) {
            line("");
            line("Limits:");
            line("");
            descriptor.guarantees().limits().forEach(limit -> line("- " + Doc.oneLine(limit)));
        }
        line("");
        line("## A file to begin with");
        line("");
        line("```yaml");
        line(descriptor.sample().stripTrailing());
        line("```");
        line("");
        line("`emc-" + descriptor.name() + " describe --format sample` prints it, `--format example` one with every key.");
        markdownKeys();
        markdownUpstream();
        return text.toString().stripTrailing();
    }

    private void markdownKeys() {
        for (Map.Entry<String, List<Key>> group : groups().entrySet()) {
            line("");
            line("## " + (group.getKey().isEmpty() ? "General" : "`" + group.getKey() + "`"));
            line("");
            line("| key | values | default | meaning |");
            line("|---|---|---|---|");
            for (Key key : group.getValue()) {
                String fallback = key.required()
                        ? "**required**"
                        : key.defaultValue() == null ? "" : "`" + Values.defaultText(key) + "`";
                line("| `" + key.name() + "` | " + Values.typeName(key) + (key.secret() ? ", secret" : "") + " | " + fallback
                        + " | " + cell(key.doc()) + " |");
            }
        }
    }

    private void markdownUpstream() {
        var upstream = descriptor.keys().stream().filter(key -> !key.upstream().isEmpty()).toList();
        if (!upstream.isEmpty() || !descriptor.ignored().isEmpty()) {
            line("");
            line("## EventMesh's own files");
            line("");
            line("| key | here |");
            line("|---|---|");
            upstream.forEach(key -> key.upstream().forEach(name -> line("| `" + name + "` | `" + key.name() + "` |")));
            descriptor.ignored().forEach(key -> line("| `" + key.key() + "` | no effect: " + cell(key.because()) + " |"));
        }
    }

    private static String cell(String doc) {
        return Doc.oneLine(doc).replace("|", "\\|");
    }

    private String example() {
        line("# " + descriptor.name() + ": " + Doc.plain(descriptor.summary()));
        line("# What is commented out shows the default, or what a value looks like.");
        Group root = tree();
        for (Object element : root.elements.values()) {
            line("");
            example(element, "");
        }
        return text.toString().stripTrailing();
    }

    private void example(Object element, String indent) {
        if (element instanceof Group group) {
            line(indent + (group.isActive() ? "" : "# ") + group.name + ":");
            group.elements.values().forEach(child -> example(child, indent + "  "));
            return;
        }
        Key key = (Key) element;
        String name = key.name().substring(key.name().lastIndexOf('.') + 1);
        String prefix = indent + (isActive(key) ? "" : "# ");
        Doc.wrap(Doc.plain(key.doc()), WIDTH - indent.length() - 2).forEach(doc -> line(indent + "# " + doc));
        if (key.type() == KeyType.MAP) {
            line(prefix + name + ":");
            line(prefix + "  key: value");
        } else {
            line(prefix + name + ": " + Example.quoted(Example.value(key)));
        }
    }

    private Object jsonSchema() {
        var schema = Json.object("$schema", "https://json-schema.org/draft/2020-12/schema", "title", descriptor.name(),
                "description", Doc.plain(descriptor.summary()));
        Map<String, Object> root = schema(tree());
        @SuppressWarnings("unchecked")
        var properties = (Map<String, Object>) root.get("properties");
        properties.put("quarkus", Json.object("description", "Settings of Quarkus itself."));
        root.put("patternProperties", Json.object("^quarkus\\.", Json.object()));
        schema.putAll(root);
        return schema;
    }

    private static Map<String, Object> schema(Group group) {
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        group.elements.forEach((name, element) -> {
            properties.put(name, element instanceof Group inner ? schema(inner) : schema((Key) element));
            if (element instanceof Group inner ? inner.isRequired() : ((Key) element).required()) {
                required.add(name);
            }
        });
        var schema = Json.object("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> schema(Key key) {
        Map<String, Object> one = valueSchema(key);
        Map<String, Object> schema = key.list()
                ? Json.object("anyOf", List.of(Json.object("type", "string"), Json.object("type", "array", "items", one)))
                : one;
        schema.put("description", Doc.plain(key.doc()));
        if (key.defaultValue() != null) {
            schema.put("default", defaultValue(key));
        }
        if (key.secret()) {
            schema.put("writeOnly", true);
        }
        return schema;
    }

    private static Map<String, Object> valueSchema(Key key) {
        return switch (key.type()) {
            case STRING, PATH -> Json.object("type", List.of("string", "number", "boolean"));
            case BOOLEAN -> Json.object("type", List.of("boolean", "string"), "pattern",
                    "^([Tt]rue|[Ff]alse|[Yy]es|[Nn]o|[Oo]n|[Oo]ff)$|" + DYNAMIC);
            case INTEGER, LONG -> Json.object("type", List.of("integer", "string"), "pattern", "^[+-]?[0-9]+$|" + DYNAMIC);
            case NUMBER -> Json.object("type", List.of("number", "string"), "pattern", "^[+-]?[0-9.eE+-]+$|" + DYNAMIC);
            case DURATION -> Json.object("type", List.of("string", "integer"), "pattern",
                    "^(0|[0-9]+(ms|s|m|h|d)|[Pp].+)$|" + DYNAMIC, "maximum", 0L);
            case SIZE -> Json.object("type", List.of("string", "integer"), "pattern", "^[0-9]+[BbKkMmGgTt]?$|" + DYNAMIC);
            case ENUM -> Json.object("anyOf",
                    List.of(Json.object("enum", key.values()), Json.object("type", "string", "pattern", DYNAMIC)));
            case MAP -> Json.object("type", "object", "additionalProperties",
                    Json.object("type", List.of("string", "number", "boolean")));
        };
    }

    private static Object defaultValue(Key key) {
        if (key.list()) {
            return ValueList.split(key.defaultValue());
        }
        return switch (key.type()) {
            case BOOLEAN -> Boolean.valueOf(key.defaultValue());
            case INTEGER, LONG -> Long.valueOf(key.defaultValue());
            case NUMBER -> Double.valueOf(key.defaultValue());
            default -> Values.defaultText(key);
        };
    }

    /** What an example must set, and the address, which everybody wants to see. */
    private static boolean isActive(Key key) {
        return key.required() || key.name().equals("mesh.address");
    }

    /** Keys by all but their last part: what people look for first comes first. */
    private Map<String, List<Key>> groups() {
        var groups = new LinkedHashMap<String, List<Key>>();
        for (Key key : ordered()) {
            int dot = key.name().lastIndexOf('.');
            groups.computeIfAbsent(dot < 0 ? "" : key.name().substring(0, dot), name -> new ArrayList<>()).add(key);
        }
        return groups;
    }

    private Set<Key> ordered() {
        var ordered = new LinkedHashSet<Key>();
        descriptor.keys().stream().filter(key -> key.name().startsWith("connector.")).forEach(ordered::add);
        descriptor.keys().stream().filter(key -> key.name().startsWith("mesh.")).forEach(ordered::add);
        descriptor.keys().stream().filter(key -> key.name().indexOf('.') < 0).forEach(ordered::add);
        ordered.addAll(descriptor.keys());
        return ordered;
    }

    private Group tree() {
        var root = new Group("");
        for (Key key : ordered()) {
            Group group = root;
            String rest = key.name();
            for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
                group = (Group) group.elements.computeIfAbsent(rest.substring(0, dot), Group::new);
                rest = rest.substring(dot + 1);
            }
            group.elements.put(rest, key);
        }
        return root;
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** Keys that share a prefix. Elements are keys and groups. */
    private static final class Group {

        final String name;
        final Map<String, Object> elements = new LinkedHashMap<>();

        Group(String name) {
            this.name = name;
        }

        boolean isActive() {
            return elements.values().stream()
                    .anyMatch(
                            element -> element instanceof Group group ? group.isActive() : Description.isActive((Key) element));
        }

        boolean isRequired() {
            return elements.values().stream()
                    .anyMatch(element -> element instanceof Group group ? group.isRequired() : ((Key) element).required());
        }
    }
}
