package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.junit.jupiter.api.Test;

import dev.emc.wire.Frame;

class QuirkTest extends ServerTest {

    private void imitate(Quirk... quirks) throws MeshServerException {
        start(MeshServerConfig.builder().quirks(quirks));
    }

    private static byte[] event(String rest) {
        return ("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/test\",\"type\":\"t\",\"subject\":\"t\"," + rest + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The answers to so many events, without those that did not come. */
    private List<Frame> answers(int count) throws Exception {
        TestClient publisher = publisher();
        List<CompletableFuture<Frame>> answers = new ArrayList<>();
        names(0, count).forEach(name -> answers.add(publisher.publishLater("t", name)));
        publisher.request(Command.HEARTBEAT_REQUEST, null);
        return answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).toList();
    }

    @Test
    void lostAcks() throws Exception {
        imitate(Quirk.LOST_ACKS);
        assertEquals(995, answers(1000).size());
        assertEquals(names(0, 1000), subscriber("g", "t").receive(1000));
    }

    @Test
    void falseFailures() throws Exception {
        imitate(Quirk.FALSE_FAILURES);
        assertEquals(5, answers(1000).stream().filter(frame -> frame.code() == Frame.FAIL).count());
        assertEquals(names(0, 1000), subscriber("g", "t").receive(1000));
    }

    @Test
    void noRedelivery() throws Exception {
        start(MeshServerConfig.builder().quirks(Quirk.NO_REDELIVERY).ackTimeout(Duration.ofMillis(50)));
        TestClient subscriber = subscriber("g", "t");
        publish(0, 1);
        subscriber.take();
        Thread.sleep(1000);
        assertTrue(subscriber.pushed.isEmpty());
        subscriber.close();
        assertEquals(names(0, 1), subscriber("g", "t").receive(1));
    }

    @Test
    void refuseWithoutSubscriber() throws Exception {
        imitate(Quirk.REFUSE_WITHOUT_SUBSCRIBER);
        assertEquals(Frame.FAIL, publisher().publish("t", "x").code());
        subscriber("g", "t");
        assertEquals(Frame.SUCCESS, publisher().publish("t", "x").code());
    }

    @Test
    void sendTooFast() throws Exception {
        start(MeshServerConfig.builder().quirks(Quirk.SEND_TOO_FAST).tooFastRate(100));
        List<Frame> answers = answers(1000);
        assertTrue(answers.stream().anyMatch(frame -> frame.code() == Frame.TPS_OVERLOAD));
        long taken = answers.stream().filter(frame -> frame.code() == Frame.SUCCESS).count();
        assertEquals(taken, topic().stored());
    }

    @Test
    void poison() throws Exception {
        imitate(Quirk.POISON);
        TestClient subscriber = subscriber("g", "t");
        publisher().publishLater(event("\"datacontenttype\":\"text/plain\",\"data\":\"x\""));
        Frame push = subscriber.take();
        assertEquals(Frame.FAIL, push.code());
        assertEquals(0, push.body().length);
        assertTrue(push.properties().isEmpty());
        publish(0, 1);
        assertEquals(Frame.SUCCESS, subscriber.take().code());
    }

    @Test
    void corruptBase64() throws Exception {
        imitate(Quirk.CORRUPT_BASE64);
        TestClient subscriber = subscriber("g", "t");
        publisher().publishLater(event("\"data_base64\":\"AAEC\""));
        String body = new String(subscriber.take().body(), StandardCharsets.UTF_8);
        assertFalse(body.contains("\"AAEC\""), body);
        assertTrue(body.contains("\"QUFFQw==\""), body);
    }

    @Test
    void addExtensions() throws Exception {
        imitate(Quirk.ADD_EXTENSIONS);
        TestClient subscriber = subscriber("g", "t");
        publish(0, 1);
        Frame push = subscriber.take();
        assertEquals("e0", TestClient.data(push));
        assertTrue(new String(push.body(), StandardCharsets.UTF_8).contains("\"rsp0ip\":"));
    }

    @Test
    void reorder() throws Exception {
        imitate(Quirk.REORDER);
        publish(0, 1000);
        List<String> received = subscriber("g", "t").receive(1000);
        assertNotEquals(names(0, 1000), received);
        assertEquals(Set.copyOf(names(0, 1000)), Set.copyOf(received));
    }

    @Test
    void heartbeatsOnly() throws Exception {
        start(MeshServerConfig.builder().quirks(Quirk.HEARTBEATS_ONLY).idleTimeout(Duration.ofMillis(500)));
        TestClient publisher = publisher();
        while (publisher.connected()) {
            publisher.publishLater("t", "x");
            Thread.sleep(20);
        }
        assertTrue(logged("nothing was heard"), log::toString);
    }

    @Test
    void fullNeverAcks() throws Exception {
        start(MeshServerConfig.builder().quirks(Quirk.FULL_NEVER_ACKS).maxEvents(10));
        assertEquals(10, answers(20).size());
        assertEquals(names(0, 10), subscriber("g", "t").receive(10));
        CompletableFuture<Frame> answer = publisher().publishLater("t", "later");
        assertEquals(Frame.SUCCESS, answer.get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS).code());
    }

    @Test
    void misroutedAcks() throws Exception {
        imitate(Quirk.MISROUTED_ACKS);
        TestClient other = publisher();
        assertEquals(995, answers(1000).size());
        assertEquals(Command.ASYNC_MESSAGE_TO_SERVER_ACK,
                other.others.poll(TestClient.WAIT_SECONDS, TimeUnit.SECONDS).command());
    }

    @Test
    void givesUp() throws Exception {
        start(MeshServerConfig.builder().quirks(Quirk.GIVES_UP).ackTimeout(Duration.ofMillis(50)));
        TestClient subscriber = subscriber("g", "t");
        publish(0, 1);
        subscriber.take();
        Await.until(() -> group("g").acknowledged() == 1);
        assertTrue(subscriber.pushed.isEmpty());
    }

    @Test
    void unknownTopic() throws Exception {
        imitate(Quirk.UNKNOWN_TOPIC);
        TestClient subscriber = connect();
        subscriber.hello("g", "sub");
        assertEquals(Frame.FAIL, subscriber.subscribe(SubscriptionMode.CLUSTERING, "t").code());
        publish(0, 1);
        assertEquals(Frame.SUCCESS, subscriber.subscribe(SubscriptionMode.CLUSTERING, "t").code());
    }

    @Test
    void smallEvents() throws Exception {
        imitate(Quirk.SMALL_EVENTS);
        assertEquals(Frame.SUCCESS, publisher().publish("t", "\u00e9".repeat(1000)).code());
        Frame refused = publisher().publish("t", "x".repeat(1001));
        assertEquals(Frame.FAIL, refused.code());
        assertTrue(refused.desc().contains("event size exceeds the limit: 1000"), refused::desc);
    }
}
