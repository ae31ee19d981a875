package dev.emc.core.config;

import java.io.IOException;
import java.util.ArrayList;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

import dev.emc.core.config.ConfigFile.Collector;

/** Config files in JSON. */
final class JsonFile {

    private static final int MAX_DEPTH = 32;

    private JsonFile() {}

    static void parse(String text, Collector collector) {
        try (JsonParser json = new JsonFactory().createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                collector.error(1, null, "the file must hold a JSON object", null);
                return;
            }
            object(json, "", 0, collector);
            if (json.nextToken() != null) {
                JsonLocation at = json.currentTokenLocation();
                collector.syntaxError(at.getLineNr(), at.getColumnNr(), "there is more after the closing brace", null);
            }
        } catch (JsonProcessingException e) {
            // its own message quotes the text, which may be a secret
            JsonLocation at = e.getLocation();
            collector.syntaxError(at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr(), "this is not valid JSON",
                    "look for a missing comma, quote or brace here or just before");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private static void object(JsonParser json, String prefix, int depth, Collector collector) throws IOException {
        for (String field; (field = json.nextFieldName()) != null;) {
            json.nextToken();
            value(json, prefix.isEmpty() ? field : prefix + "." + field, depth, collector);
        }
    }

    private static void value(JsonParser json, String key, int depth, Collector collector) throws IOException {
        JsonLocation at = json.currentTokenLocation();
        int line = at.getLineNr();
        int column = at.getColumnNr();
        if (depth > MAX_DEPTH) {
            collector.error(line, key, "is nested too deeply", null);
            json.skipChildren();
        } else if (json.currentToken() == JsonToken.START_OBJECT) {
            object(json, key, depth + 1, collector);
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
            var scalars = new ArrayList<String>();
            int index = 0;
            for (JsonToken token; (token = json.nextToken()) != JsonToken.END_ARRAY; index++) {
                if (token.isStructStart()) {
                    value(json, key + "[" + index + "]", depth + 1, collector);
                } else {
                    scalars.add(json.getText());
                }
            }
            if (scalars.size() == index) {
                collector.values(key, scalars, line, column);
            }
        } else {
            collector.value(key, json.currentToken() == JsonToken.VALUE_NULL ? null : json.getText(), line, column);
        }
    }
}
