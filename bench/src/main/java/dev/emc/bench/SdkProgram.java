package dev.emc.bench;

import java.net.URI;
import java.util.concurrent.CountDownLatch;

import org.apache.eventmesh.client.tcp.EventMeshTCPClient;
import org.apache.eventmesh.client.tcp.EventMeshTCPClientFactory;
import org.apache.eventmesh.client.tcp.common.MessageUtils;
import org.apache.eventmesh.client.tcp.conf.EventMeshTCPClientConfig;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.Package;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;

/**
 * What the programs on the SDK's ready-made client have in common. Each takes {@code HOST PORT TOPIC} and its own
 * arguments, prints {@link Marks} ({@code ready}, then how many events are done), and runs until it is told to stop.
 */
final class SdkProgram {

    private static final URI SOURCE = URI.create("/bench");
    private static final ObjectMapper JSON = new ObjectMapper();

    private SdkProgram() {}

    /** The client as EventMesh's own connectors make it. */
    static EventMeshTCPClient<CloudEvent> client(String[] args, boolean subscriber) throws Exception {
        UserAgent agent = UserAgent.builder().env("PRD").subsystem("bench").path("/").idc("DEFAULT").host("127.0.0.1")
                .port(0).pid((int) ProcessHandle.current().pid()).version("1.0").username("").password("")
                .group("bench").build();
        EventMeshTCPClient<CloudEvent> client = EventMeshTCPClientFactory.createEventMeshTCPClient(
                EventMeshTCPClientConfig.builder().host(args[0]).port(Integer.parseInt(args[1]))
                        .userAgent(subscriber ? MessageUtils.generateSubClient(agent) : MessageUtils.generatePubClient(agent))
                        .build(),
                CloudEvent.class);
        client.init();
        return client;
    }

    static void subscribe(EventMeshTCPClient<CloudEvent> client, String topic) throws Exception {
        client.subscribe(topic, SubscriptionMode.CLUSTERING, SubscriptionType.ASYNC);
        client.listen();
        Marks.mark("ready");
    }

    static CloudEvent event(String topic, long number, String line) throws Exception {
        return CloudEventBuilder.v1().withId(Long.toString(number)).withSource(SOURCE).withType("bench").withSubject(topic)
                .withDataContentType("application/cloudevents+json").withData(JSON.writeValueAsBytes(line)).build();
    }

    /** Publishes as the SDK offers it: waits for the acknowledgement, then looks at its code. */
    static void publish(EventMeshTCPClient<CloudEvent> client, CloudEvent event) throws Exception {
        Package answer = client.publish(event, 10_000);
        if (answer.getHeader().getCode() != 0) {
            throw new IllegalStateException("The mesh refused event " + event.getId() + ": " + answer.getHeader().getDesc());
        }
    }

    static String text(CloudEvent event) throws Exception {
        return JSON.readValue(event.getData().toBytes(), String.class);
    }

    static void waitForEver() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
