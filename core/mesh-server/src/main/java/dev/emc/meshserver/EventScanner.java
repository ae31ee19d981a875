package dev.emc.meshserver;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** Reads from an event in CloudEvents JSON what the server needs, and no more. Used by one thread. */
final class EventScanner {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(2000).maxStringLength(Integer.MAX_VALUE).build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    private String topic;
    private String contentType;
    private String problem;
    private boolean id;
    private boolean source;
    private boolean type;
    private boolean specversion;
    private boolean data;

    /** @return whether this is a whole CloudEvent with a subject; if not, {@link #problem} says why */
    boolean scan(byte[] event) {
        topic = null;
        contentType = null;
        problem = null;
        id = source = type = specversion = data = false;
        try (JsonParser json = JSON.createParser(event)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                problem = "the body is not a CloudEvent in JSON";
                return false;
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                attribute(name, json.nextToken(), json);
            }
            if (json.nextToken() != null) {
                problem = "the body goes on after the CloudEvent";
                return false;
            }
        } catch (JsonProcessingException e) {
            problem = "the body is not JSON: " + e.getOriginalMessage();
            return false;
        } catch (IOException e) {
            problem = "the body is not JSON";
            return false;
        }
        problem = missing();
        return problem == null;
    }

    private void attribute(String name, JsonToken token, JsonParser json) throws IOException {
        boolean present = token != JsonToken.VALUE_NULL;
        switch (name) {
            case "subject" -> topic = text(token, json);
            case "datacontenttype" -> contentType = text(token, json);
            case "id" -> id = present;
            case "source" -> source = present;
            case "type" -> type = present;
            case "specversion" -> specversion = present;
            case "data", "data_base64" -> data |= present;
            default -> {
            }
        }
        json.skipChildren();
    }

    private static String text(JsonToken token, JsonParser json) throws IOException {
        return token == JsonToken.VALUE_STRING ? json.getText() : null;
    }

    private String missing() {
        if (topic == null || topic.isEmpty()) {
            return "the event has no subject, which names its topic";
        }
        if (!data) {
            return "the event has no data";
        }
        if (!id || !source || !type || !specversion) {
            return "the event has no " + (!id ? "id" : !source ? "source" : !type ? "type" : "specversion");
        }
        return null;
    }

    /** Topic of the event just scanned. */
    String topic() {
        return topic;
    }

    /** Its {@code datacontenttype}; may be null. */
    String contentType() {
        return contentType;
    }

    /** Why it was refused, a phrase. */
    String problem() {
        return problem;
    }
}
