package dev.emc.bench;

import java.util.Optional;

import org.apache.eventmesh.client.tcp.EventMeshTCPClient;

import io.cloudevents.CloudEvent;

/** A subscriber on the SDK's client that throws the events away: {@code HOST PORT TOPIC EVENTS}. */
public final class RawSubscriber {

    private RawSubscriber() {}

    public static void main(String[] args) throws Exception {
        long all = Long.parseLong(args[3]);
        long[] count = new long[1];
        EventMeshTCPClient<CloudEvent> client = SdkProgram.client(args, true);
        client.registerSubBusiHandler(event -> {
            Marks.done(++count[0], all);
            return Optional.empty();
        });
        SdkProgram.subscribe(client, args[2]);
        SdkProgram.waitForEver();
    }
}
