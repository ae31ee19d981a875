package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.eventmesh.client.tcp.EventMeshTCPClient;
import org.apache.eventmesh.client.tcp.EventMeshTCPClientFactory;
import org.apache.eventmesh.client.tcp.common.ReceiveMsgHook;
import org.apache.eventmesh.client.tcp.conf.EventMeshTCPClientConfig;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.Package;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;

import dev.emc.wire.Frame;

/** EventMesh's own ready-made TCP client against emc-mesh. */
class SdkClientTest extends ServerTest {

    private static final long TIMEOUT_MILLIS = 20_000;

    private final BlockingQueue<CloudEvent> received = new LinkedBlockingQueue<>();
    private EventMeshTCPClient<CloudEvent> publisher;
    private EventMeshTCPClient<CloudEvent> subscriber;

    @BeforeEach
    void connectClients() throws Exception {
        start();
        publisher = client("pub");
        subscriber = client("sub");
    }

    private EventMeshTCPClient<CloudEvent> client(String purpose) throws Exception {
        UserAgent agent = UserAgent.builder().env("test").host("localhost").password("").username("user").group("g").path("/")
                .port(1).subsystem("1").pid(1).version("2.1").idc("FT").purpose(purpose).build();
        EventMeshTCPClient<CloudEvent> client = EventMeshTCPClientFactory.createEventMeshTCPClient(
                EventMeshTCPClientConfig.builder().host("127.0.0.1").port(server.port()).userAgent(agent).build(),
                CloudEvent.class);
        client.init();
        return client;
    }

    @AfterEach
    void closeClients() throws Exception {
        publisher.close();
        subscriber.close();
    }

    private void subscribe(SubscriptionMode mode) throws Exception {
        subscriber.registerSubBusiHandler(new ReceiveMsgHook<CloudEvent>() {
            @Override
            public Optional<CloudEvent> handle(CloudEvent event) {
                received.add(event);
                return Optional.empty();
            }
        });
        subscriber.subscribe("t", mode, SubscriptionType.ASYNC);
        subscriber.listen();
    }

    private static CloudEvent event(String id) {
        return CloudEventBuilder.v1().withId(id).withSource(URI.create("/test")).withType("t").withSubject("t")
                .withDataContentType("application/cloudevents+json").withExtension("colour", "grün")
                .withData(("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)).build();
    }

    private CloudEvent take() throws InterruptedException {
        CloudEvent event = received.poll(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("No event came in " + TestClient.WAIT_SECONDS + " s");
        }
        return event;
    }

    @Test
    void whatTheSdkPublishesTheSdkReceives() throws Exception {
        subscribe(SubscriptionMode.CLUSTERING);
        Package answer = publisher.publish(event("1"), TIMEOUT_MILLIS);
        assertEquals(Frame.SUCCESS, answer.getHeader().getCode());
        CloudEvent event = take();
        assertEquals("1", event.getId());
        assertEquals("grün", event.getExtension("colour"));
        assertEquals("{\"id\":\"1\"}", new String(event.getData().toBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void theSdkAcknowledgesWhatItReceives() throws Exception {
        subscribe(SubscriptionMode.CLUSTERING);
        for (int i = 0; i < 100; i++) {
            publisher.publish(event("e" + i), TIMEOUT_MILLIS);
        }
        for (int i = 0; i < 100; i++) {
            assertEquals("e" + i, take().getId());
        }
        Await.until(() -> topic().stored() == 0);
    }

    @Test
    void theSdkReceivesBroadcasts() throws Exception {
        subscribe(SubscriptionMode.BROADCASTING);
        publisher.broadcast(event("1"), TIMEOUT_MILLIS);
        assertEquals("1", take().getId());
        Await.until(() -> topic().stored() == 0);
    }
}
