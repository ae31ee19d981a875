package dev.emc.slack;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.http.client.HttpSender;
import dev.emc.http.client.Request;
import dev.emc.http.client.Response;

/** Uploads a file in Slack's three steps: ask for a place, send the bytes there, share it in a channel. */
final class SlackUpload {

    private final SlackRequests requests;
    private final HttpSender sender;

    SlackUpload(SlackRequests requests, HttpSender sender) {
        this.requests = requests;
        this.sender = sender;
    }

    /**
     * Uploads one.
     *
     * @param file whose body is the file
     * @throws ConnectorException when it isn't shared
     */
    void upload(Request file, ConnectorRecord event, String channel) throws ConnectorException, InterruptedException {
        if (file.body().length == 0) {
            throw new PermanentException("event '" + event.id() + "' has no data, and Slack takes no empty files");
        }
        Request ask = requests.form("files.getUploadURLExternal", Map.of("filename", requests.fileName(event), "length",
                Integer.toString(file.body().length)));
        SlackAnswer place = SlackAnswer.of(ask, sender.exchange(ask)).orThrow();
        String url = place.field("/upload_url");
        String id = place.field("/file_id");
        if (url == null || id == null) {
            throw new RetryableException("Slack says no place to send a file to");
        }
        // without the token: the URL is the permission
        Request send = Request.of("POST", URI.create(url)).header("Content-Type", "application/octet-stream").body(file.body())
                .label("upload of a file").build();
        Response sent = sender.exchangeWithoutCredentials(send);
        ConnectorException refused = SlackAnswer.plainError(send, sent);
        if (refused != null) {
            throw refused;
        }
        Request share = requests.form("files.completeUploadExternal", sharing(event, id, channel));
        SlackAnswer.of(share, sender.exchange(share)).orThrow();
    }

    private Map<String, String> sharing(ConnectorRecord event, String id, String channel) throws PermanentException {
        Map<String, String> fields = new TreeMap<>();
        fields.put("files", files(id, requests.fileTitle(event)));
        fields.put("channel_id", channel);
        String comment = requests.fileComment(event);
        if (comment != null) {
            fields.put("initial_comment", comment);
        }
        String thread = requests.fileThread(event);
        if (thread != null) {
            fields.put("thread_ts", thread);
        }
        return fields;
    }

    private static String files(String id, String title) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("title", title);
            json.writeEndObject();
            json.writeEndArray();
        } catch (IOException never) {
            throw new IllegalStateException(never);
        }
        return text.toString();
    }
}
