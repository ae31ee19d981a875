package dev.emc.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.core.config.Descriptor.Guarantees;
import dev.emc.core.config.Descriptor.IgnoredKey;
import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Descriptor.KeyType;
import dev.emc.core.config.Descriptor.Sibling;

/** The JSON form of a {@link Descriptor}: fields named as the components of the records, in any order. */
public final class DescriptorJson {

    private DescriptorJson() {}

    /** Reads the descriptor of this artifact, or null when there is none. */
    public static Descriptor load(ClassLoader loader) throws IOException {
        try (InputStream in = loader.getResourceAsStream(Descriptor.RESOURCE)) {
            return in == null ? null : read(in);
        }
    }

    /** Reads a descriptor. Unknown fields are skipped. */
    public static Descriptor read(InputStream in) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(in)) {
            String name = null;
            String system = null;
            String role = null;
            String summary = "";
            List<Key> keys = List.of();
            List<IgnoredKey> ignored = List.of();
            List<Sibling> siblings = List.of();
            Guarantees guarantees = Guarantees.NONE;
            String sample = "";
            json.nextToken();
            for (String field; (field = nextField(json)) != null;) {
                switch (field) {
                    case "name" -> name = json.getText();
                    case "system" -> system = json.getText();
                    case "role" -> role = json.getText();
                    case "summary" -> summary = text(json);
                    case "keys" -> keys = list(json, DescriptorJson::key);
                    case "ignored" -> ignored = list(json, DescriptorJson::ignored);
                    case "siblings" -> siblings = list(json, DescriptorJson::sibling);
                    case "guarantees" -> guarantees = guarantees(json);
                    case "sample" -> sample = json.getText();
                    default -> json.skipChildren();
                }
            }
            return new Descriptor(name, system, role, summary, keys, ignored, siblings, guarantees, sample);
        }
    }

    /** Writes a descriptor so that {@link #read} gives an equal one. */
    public static void write(Descriptor descriptor, OutputStream out) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            Json.write(json, tree(descriptor));
        }
    }

    /** The descriptor as maps, lists and scalars. */
    public static Object tree(Descriptor descriptor) {
        return Json.object("name", descriptor.name(), "system", descriptor.system(), "role", descriptor.role(), "summary",
                descriptor.summary(), "keys", descriptor.keys().stream().map(DescriptorJson::tree).toList(), "ignored",
                descriptor.ignored().stream().map(i -> Json.object("key", i.key(), "because", i.because())).toList(),
                "siblings", descriptor.siblings().stream().map(s -> Json.object("name", s.name(), "keys", s.keys())).toList(),
                "guarantees", tree(descriptor.guarantees()), "sample", descriptor.sample());
    }

    private static Object tree(Guarantees guarantees) {
        return Json.object("delivery", guarantees.delivery(), "ordering", guarantees.ordering(), "idempotency",
                guarantees.idempotency(), "testedWith", guarantees.testedWith(), "limits", guarantees.limits());
    }

    private static Object tree(Key key) {
        return Json.object("name", key.name(), "type", key.type().name(), "required", key.required(), "defaultValue",
                key.defaultValue(), "doc", key.doc(), "secret", key.secret(), "list", key.list(), "values", key.values(),
                "upstream", key.upstream(), "upstreamDefault", key.upstreamDefault());
    }

    private static Key key(JsonParser json) throws IOException {
        String name = null;
        KeyType type = KeyType.STRING;
        boolean required = false;
        String defaultValue = null;
        String doc = "";
        boolean secret = false;
        boolean list = false;
        List<String> values = List.of();
        List<String> upstream = List.of();
        String upstreamDefault = null;
        for (String field; (field = nextField(json)) != null;) {
            switch (field) {
                case "name" -> name = json.getText();
                case "type" -> type = KeyType.valueOf(json.getText());
                case "required" -> required = json.getBooleanValue();
                case "defaultValue" -> defaultValue = text(json);
                case "doc" -> doc = text(json);
                case "secret" -> secret = json.getBooleanValue();
                case "list" -> list = json.getBooleanValue();
                case "values" -> values = list(json, JsonParser::getText);
                case "upstream" -> upstream = list(json, JsonParser::getText);
                case "upstreamDefault" -> upstreamDefault = text(json);
                default -> json.skipChildren();
            }
        }
        return new Key(name, type, required, defaultValue, doc == null ? "" : doc, secret, list, values, upstream,
                upstreamDefault);
    }

    private static IgnoredKey ignored(JsonParser json) throws IOException {
        String key = null;
        String because = null;
        for (String field; (field = nextField(json)) != null;) {
            switch (field) {
                case "key" -> key = json.getText();
                case "because" -> because = json.getText();
                default -> json.skipChildren();
            }
        }
        return new IgnoredKey(key, because);
    }

    private static Guarantees guarantees(JsonParser json) throws IOException {
        String delivery = "";
        String ordering = "";
        String idempotency = "";
        List<String> testedWith = List.of();
        List<String> limits = List.of();
        for (String field; (field = nextField(json)) != null;) {
            switch (field) {
                case "delivery" -> delivery = json.getText();
                case "ordering" -> ordering = json.getText();
                case "idempotency" -> idempotency = json.getText();
                case "testedWith" -> testedWith = list(json, JsonParser::getText);
                case "limits" -> limits = list(json, JsonParser::getText);
                default -> json.skipChildren();
            }
        }
        return new Guarantees(delivery, ordering, idempotency, testedWith, limits);
    }

    private static Sibling sibling(JsonParser json) throws IOException {
        String name = null;
        List<String> keys = List.of();
        for (String field; (field = nextField(json)) != null;) {
            switch (field) {
                case "name" -> name = json.getText();
                case "keys" -> keys = list(json, JsonParser::getText);
                default -> json.skipChildren();
            }
        }
        return new Sibling(name, keys);
    }

    /** Goes to the value of the next field of the object that the parser is in; null at its end. */
    private static String nextField(JsonParser json) throws IOException {
        String field = json.nextFieldName();
        if (field != null) {
            json.nextToken();
        }
        return field;
    }

    private static String text(JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText();
    }

    private static <T> List<T> list(JsonParser json, Element<T> element) throws IOException {
        var result = new ArrayList<T>();
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                result.add(element.read(json));
            }
        }
        return result;
    }

    private interface Element<T> {
        T read(JsonParser json) throws IOException;
    }
}
