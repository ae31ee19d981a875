package dev.emc.bench;

import org.apache.eventmesh.client.tcp.EventMeshTCPClient;

import io.cloudevents.CloudEvent;

/** A publisher on the SDK's client that makes its events up: {@code HOST PORT TOPIC EVENTS BYTES}. */
public final class RawPublisher {

    private RawPublisher() {}

    public static void main(String[] args) throws Exception {
        long all = Long.parseLong(args[3]);
        int bytes = Integer.parseInt(args[4]);
        EventMeshTCPClient<CloudEvent> client = SdkProgram.client(args, false);
        Marks.mark("ready");
        for (long number = 1; number <= all; number++) {
            SdkProgram.publish(client, SdkProgram.event(args[2], number, Lines.line(number, bytes)));
            Marks.done(number, all);
        }
        SdkProgram.waitForEver();
    }
}
