package dev.emc.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import org.apache.eventmesh.client.tcp.EventMeshTCPClient;

import io.cloudevents.CloudEvent;

/**
 * A sink as EventMesh's own are built, one event a call, that keeps the same promise as emc: the event is acknowledged
 * after its line is forced to disk. {@code HOST PORT TOPIC FILE}.
 */
public final class OneAtATimeSink {

    private OneAtATimeSink() {}

    public static void main(String[] args) throws Exception {
        FileChannel file = FileChannel.open(Path.of(args[3]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        EventMeshTCPClient<CloudEvent> client = SdkProgram.client(args, true);
        client.registerSubBusiHandler(event -> {
            write(file, event);
            return Optional.empty();
        });
        SdkProgram.subscribe(client, args[2]);
        SdkProgram.waitForEver();
    }

    private static void write(FileChannel file, CloudEvent event) {
        try {
            ByteBuffer line = ByteBuffer.wrap((SdkProgram.text(event) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(false);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (Exception e) {
            throw new IllegalArgumentException(e);
        }
    }
}
