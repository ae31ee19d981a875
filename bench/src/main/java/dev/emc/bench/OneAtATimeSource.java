package dev.emc.bench;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.eventmesh.client.tcp.EventMeshTCPClient;

import io.cloudevents.CloudEvent;

/**
 * A source as EventMesh's own are built: reads a line, publishes it, waits for the acknowledgement, reads the next.
 * {@code HOST PORT TOPIC FILE}.
 */
public final class OneAtATimeSource {

    private OneAtATimeSource() {}

    public static void main(String[] args) throws Exception {
        EventMeshTCPClient<CloudEvent> client = SdkProgram.client(args, false);
        Marks.mark("ready");
        try (BufferedReader lines = Files.newBufferedReader(Path.of(args[3]))) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                SdkProgram.publish(client, SdkProgram.event(args[2], ++number, line));
            }
        }
        SdkProgram.waitForEver();
    }
}
