package dev.emc.testkit.conformance;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.WebhookSender;

/** Callers of a source that is an HTTP server. While they are broken they don't call, and somebody else has the port if it is free. */
public abstract class WebhookSourceDriver<C> implements SourceDriver<C> {

    private WebhookSender sender;
    private int port;
    private ServerSocket squatter;

    /** Where the source takes requests, such as {@code /}. */
    protected abstract String path();

    /** The settings of a source but for its address. */
    protected abstract Map<String, String> settings();

    /** A call that brings this record, each time it is sent. */
    protected abstract HttpRequest.Builder request(ConnectorRecord record);

    @Override
    public Map<String, String> newPlace() throws IOException {
        close();
        port = EmcProcess.freePort();
        sender = new WebhookSender(URI.create("http://127.0.0.1:" + port + path()));
        Map<String, String> place = new HashMap<>(settings());
        place.put("port", Integer.toString(port));
        place.put("server.host", "127.0.0.1");
        return place;
    }

    @Override
    public void write(Map<String, String> place, List<ConnectorRecord> records) {
        for (ConnectorRecord record : records) {
            sender.send(() -> request(record));
        }
    }

    @Override
    public void breakSystem() throws IOException {
        sender.pause(true);
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress("127.0.0.1", port));
            squatter = socket;
        } catch (BindException theSourceHasIt) {
            socket.close();
        }
    }

    @Override
    public void mendSystem() throws IOException {
        if (squatter != null) {
            squatter.close();
            squatter = null;
        }
        sender.pause(false);
    }

    @Override
    public void close() throws IOException {
        if (sender != null) {
            sender.close();
        }
    }
}
