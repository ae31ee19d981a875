package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.junit.jupiter.api.Test;

import dev.emc.wire.Bodies;
import dev.emc.wire.Frame;

class ProtocolTest extends ServerTest {

    private void assertRefused(String reason, Frame answer) {
        assertEquals(Frame.FAIL, answer.code());
        assertTrue(answer.desc().contains(reason), answer.desc());
    }

    private Frame publish(String json) throws Exception {
        start();
        return publisher().publishLater(json.getBytes(StandardCharsets.UTF_8)).get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aCommandBeforeHelloIsRefused() throws Exception {
        start();
        Frame answer = connect().request(Command.SUBSCRIBE_REQUEST, null);
        assertEquals(Command.SUBSCRIBE_RESPONSE, answer.command());
        assertRefused("no session", answer);
    }

    @Test
    void aHelloWithoutAGroupIsRefusedAndEndsTheConnection() throws Exception {
        start();
        TestClient client = connect();
        assertRefused("group", client.hello(null, "pub"));
        client.awaitClosed();
    }

    @Test
    void aHelloWithAnUnknownPurposeIsRefused() throws Exception {
        start();
        assertRefused("'both'", connect().hello("g", "both"));
    }

    @Test
    void aHelloThatIsNoJsonIsRefused() throws Exception {
        start();
        assertRefused("not JSON", connect().request(Command.HELLO_REQUEST, new byte[]{'{', 1}));
    }

    @Test
    void aHeartbeatIsAnswered() throws Exception {
        start();
        Frame answer = publisher().request(Command.HEARTBEAT_REQUEST, null);
        assertEquals(Command.HEARTBEAT_RESPONSE, answer.command());
        assertEquals(Frame.SUCCESS, answer.code());
    }

    @Test
    void aSilentClientIsDisconnected() throws Exception {
        start(MeshServerConfig.builder().idleTimeout(Duration.ofMillis(300)));
        publisher().awaitClosed();
        assertTrue(logged("nothing was heard"), log::toString);
    }

    @Test
    void heartbeatsKeepAClientConnected() throws Exception {
        start(MeshServerConfig.builder().idleTimeout(Duration.ofSeconds(2)));
        TestClient client = publisher();
        TestClient silent = publisher();
        while (silent.connected()) {
            client.request(Command.HEARTBEAT_REQUEST, null);
            Thread.sleep(50);
        }
        assertTrue(client.connected());
    }

    @Test
    void aGoodbyeIsAnsweredAndEndsTheConnection() throws Exception {
        start();
        TestClient client = publisher();
        assertEquals(Command.CLIENT_GOODBYE_RESPONSE, client.request(Command.CLIENT_GOODBYE_REQUEST, null).command());
        client.awaitClosed();
        assertEquals(0, server.stats().sessions());
    }

    @Test
    void aPublisherMayNotSubscribe() throws Exception {
        start();
        assertRefused("can't subscribe", publisher().subscribe(SubscriptionMode.CLUSTERING, "t"));
    }

    @Test
    void aSubscriberMayNotPublishByTheSameConnection() throws Exception {
        start();
        assertRefused("can't publish", subscriber("g", "t").publish("t", "x"));
    }

    @Test
    void aClientWithPurposeSubMayPublishUntilItSubscribes() throws Exception {
        start();
        TestClient client = connect();
        client.hello("g", "sub");
        assertEquals(Frame.SUCCESS, client.publish("t", "x").code());
    }

    @Test
    void aSubscriptionWithoutATopicIsRefused() throws Exception {
        start();
        TestClient client = connect();
        client.hello("g", "sub");
        assertRefused("no topic", client.request(Command.SUBSCRIBE_REQUEST, "{\"topicList\":[]}".getBytes()));
    }

    @Test
    void aTopicCanNotBeSubscribedInTwoModesByOneClient() throws Exception {
        start();
        assertRefused("other mode", subscriber("g", "t").subscribe(SubscriptionMode.BROADCASTING, "t"));
    }

    @Test
    void aRequestForAReplyIsRefused() throws Exception {
        start();
        assertRefused("no request/reply", publisher().request(Command.REQUEST_TO_SERVER, TestClient.event("t", "x")));
    }

    @Test
    void theAnswerToABroadcastIsNamedAfterIt() throws Exception {
        start();
        Frame answer = publisher()
                .send(Frame.event(Command.BROADCAST_MESSAGE_TO_SERVER, TestClient.seq(), TestClient.event("t", "x")))
                .get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(Command.BROADCAST_MESSAGE_TO_SERVER_ACK, answer.command());
        assertEquals(Frame.SUCCESS, answer.code());
    }

    @Test
    void anEventWithoutASubjectIsRefused() throws Exception {
        assertRefused("subject", publish("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\",\"data\":1}"));
        assertTrue(logged("no subject"), log::toString);
    }

    @Test
    void anEventWithoutDataIsRefused() throws Exception {
        assertRefused("no data",
                publish("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\",\"subject\":\"t\"}"));
    }

    @Test
    void anEventWithoutAnIdIsRefused() throws Exception {
        assertRefused("no id",
                publish("{\"specversion\":\"1.0\",\"source\":\"/\",\"type\":\"t\",\"subject\":\"t\",\"data\":1}"));
    }

    @Test
    void aSubjectInsideTheDataIsNotTheTopic() throws Exception {
        assertRefused("no subject", publish(
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/\",\"type\":\"t\",\"data\":{\"subject\":\"t\",\"data\":[{}]}}"));
    }

    @Test
    void aBodyThatIsNoJsonIsRefused() throws Exception {
        assertRefused("not JSON", publish("{\"subject\":\"t\",\"data\":tru}"));
    }

    @Test
    void aBodyThatEndsTooEarlyIsRefused() throws Exception {
        assertRefused("not JSON", publish("{\"subject\":\"t\",\"data\":\"x\""));
    }

    @Test
    void anotherProtocolTypeIsRefused() throws Exception {
        start();
        Frame answer = publisher().send(new Frame(Command.ASYNC_MESSAGE_TO_SERVER, 0, null, TestClient.seq(),
                Map.of("protocoltype", "eventmeshmessage"), TestClient.event("t", "x")))
                .get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
        assertRefused("cloudevents", answer);
    }

    @Test
    void anEventOverTheLimitIsRefusedWithItsSize() throws Exception {
        start(MeshServerConfig.builder().maxEventSize(1000));
        assertRefused("1000", publisher().publish("t", "x".repeat(1000)));
    }

    @Test
    void theLargestEventThatFitsIntoAFrameIsDelivered() throws Exception {
        start();
        TestClient subscriber = subscriber("g", "t");
        int empty = TestClient.event("t", "").length;
        byte[] event = TestClient.event("t", "x".repeat((MeshServerConfig.MAX_EVENT_SIZE - empty) / 2));
        assertEquals(Frame.SUCCESS, publisher().publishLater(event).get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS).code());
        assertEquals(event.length, subscriber.take().body().length);
    }

    @Test
    void manyRefusalsMakeOneLogLine() throws Exception {
        start();
        TestClient publisher = publisher();
        for (int i = 0; i < 100; i++) {
            publisher.publishLater("{}".getBytes());
        }
        publisher.request(Command.HEARTBEAT_REQUEST, null);
        assertEquals(1, log.size(), log::toString);
    }

    @Test
    void whatIsNotTheProtocolEndsTheConnection() throws Exception {
        start();
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes());
            assertEquals(-1, socket.getInputStream().read());
        }
        assertTrue(logged("not EventMesh's TCP protocol"), log::toString);
    }

    @Test
    void theServerSaysGoodbyeOnDemand() throws Exception {
        start();
        TestClient client = publisher();
        server.kickAll();
        assertEquals(Command.SERVER_GOODBYE_REQUEST, client.others.poll(TestClient.WAIT_SECONDS, TimeUnit.SECONDS).command());
        client.awaitClosed();
    }

    @Test
    void theServerRedirectsOnDemand() throws Exception {
        start();
        TestClient client = publisher();
        server.redirectAll("127.0.0.1", 12345);
        Frame frame = client.others.poll(TestClient.WAIT_SECONDS, TimeUnit.SECONDS);
        assertEquals(Command.REDIRECT_TO_CLIENT, frame.command());
        assertEquals(12345, Bodies.redirect(frame.body()).getPort());
    }

    @Test
    void aFrozenServerAnswersOnlyAfterItsThaw() throws Exception {
        start(MeshServerConfig.builder().idleTimeout(Duration.ofMillis(500)));
        TestClient client = publisher();
        server.freeze();
        var answer = client.publishLater("t", "x");
        Thread.sleep(1000);
        assertTrue(!answer.isDone() && client.connected());
        server.thaw();
        assertEquals(Frame.SUCCESS, answer.get(TestClient.WAIT_SECONDS, TimeUnit.SECONDS).code());
    }

    @Test
    void aTakenPortIsSaidSo() throws Exception {
        start();
        MeshServerException e = assertThrows(MeshServerException.class,
                () -> MeshServer.start(MeshServerConfig.builder().port(server.port()).build()));
        assertTrue(e.getMessage().contains("taken"), e.getMessage());
    }
}
