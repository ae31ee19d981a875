package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;
import org.junit.jupiter.api.Test;

import dev.emc.wire.Bodies;
import dev.emc.wire.Frame;

class DeliveryTest extends ServerTest {

    @Test
    void anEventArrivesWithTheBytesItWasSentWith() throws Exception {
        start();
        TestClient subscriber = subscriber("g", "t");
        byte[] event = TestClient.event("t", "häßlich \u4e2d");
        publisher().publishLater(event);
        Frame push = subscriber.take();
        assertEquals(Command.ASYNC_MESSAGE_TO_CLIENT, push.command());
        assertEquals(Frame.CLOUDEVENT, push.properties());
        assertArrayEquals(event, push.body());
    }

    @Test
    void aGroupWithOneMemberGetsEventsInOrder() throws Exception {
        start();
        TestClient subscriber = subscriber("g", "t");
        publish(0, 5000);
        assertEquals(names(0, 5000), subscriber.receive(5000));
    }

    @Test
    void eachGroupGetsAllEvents() throws Exception {
        start();
        TestClient one = subscriber("one", "t");
        TestClient two = subscriber("two", "t");
        publish(0, 100);
        assertEquals(names(0, 100), one.receive(100));
        assertEquals(names(0, 100), two.receive(100));
    }

    @Test
    void membersOfAGroupShareItsEvents() throws Exception {
        start();
        TestClient one = subscriber("g", "t");
        TestClient two = subscriber("g", "t");
        publish(0, 100);
        Set<String> all = new HashSet<>(one.receive(50));
        all.addAll(two.receive(50));
        assertEquals(Set.copyOf(names(0, 100)), all);
    }

    @Test
    void theFirstGroupGetsWhatCameBeforeIt() throws Exception {
        start();
        publish(0, 10);
        assertEquals(names(0, 10), subscriber("g", "t").receive(10));
    }

    @Test
    void aGroupKeepsItsPlaceWhileItHasNoMember() throws Exception {
        start();
        TestClient first = subscriber("g", "t");
        publish(0, 10);
        first.receive(10);
        Await.until(() -> group("g").acknowledged() == 10);
        first.close();
        publish(10, 20);
        assertEquals(names(10, 20), subscriber("g", "t").receive(10));
    }

    @Test
    void acknowledgedEventsAreDeleted() throws Exception {
        start();
        TestClient subscriber = subscriber("g", "t");
        publish(0, 10);
        subscriber.receive(10);
        Await.until(() -> topic().stored() == 0);
        assertEquals(0, server.stats().storedBytes());
    }

    @Test
    void everyBroadcastingSubscriberGetsAllEvents() throws Exception {
        start();
        TestClient one = broadcastSubscriber("t");
        TestClient two = broadcastSubscriber("t");
        publish(0, 10);
        assertEquals(Command.BROADCAST_MESSAGE_TO_CLIENT, one.pushed.isEmpty()
                ? one.hold(1).get(0).command()
                : one.pushed.peek().command());
        assertEquals(names(0, 10), two.receive(10));
    }

    @Test
    void aBroadcastIsPushedAsSuch() throws Exception {
        start();
        TestClient subscriber = broadcastSubscriber("t");
        publish(0, 1);
        assertEquals(Command.BROADCAST_MESSAGE_TO_CLIENT, subscriber.take().command());
    }

    @Test
    void aLaterBroadcastingSubscriberGetsWhatComesFromThenOn() throws Exception {
        start();
        TestClient first = broadcastSubscriber("t");
        publish(0, 3);
        TestClient second = broadcastSubscriber("t");
        publish(3, 6);
        assertEquals(names(3, 6), second.receive(3));
        assertEquals(names(0, 6), first.receive(6));
    }

    @Test
    void aBroadcastingSubscriberThatLeavesHoldsNothingBack() throws Exception {
        start();
        TestClient group = subscriber("g", "t");
        TestClient broadcast = broadcastSubscriber("t");
        publish(0, 10);
        group.receive(10);
        broadcast.hold(10);
        broadcast.close();
        Await.until(() -> topic().stored() == 0);
    }

    @Test
    void whatALostSessionHeldComesFirstAndInOrder() throws Exception {
        start(MeshServerConfig.builder().window(10));
        TestClient first = subscriber("g", "t");
        publish(0, 30);
        List<Frame> held = first.hold(10);
        first.acknowledge(held.get(4));
        Await.until(() -> group("g").acknowledged() == 1);
        first.close();
        List<String> expected = new ArrayList<>(names(0, 30));
        expected.remove("e4");
        assertEquals(expected, subscriber("g", "t").receive(29));
    }

    @Test
    void aGoodbyeGivesEventsBackAtOnce() throws Exception {
        start();
        TestClient first = subscriber("g", "t");
        TestClient second = subscriber("g", "t");
        publish(0, 2);
        first.hold(1);
        second.receive(1);
        first.request(Command.CLIENT_GOODBYE_REQUEST, null);
        second.receive(1);
    }

    @Test
    void anEventThatIsNotAcknowledgedComesAgain() throws Exception {
        start(MeshServerConfig.builder().ackTimeout(Duration.ofMillis(300)));
        TestClient subscriber = subscriber("g", "t");
        publish(0, 3);
        List<Frame> first = subscriber.hold(3);
        assertEquals(data(first), data(subscriber.hold(3)));
        Await.until(() -> group("g").redelivered() >= 3);
    }

    @Test
    void anEventThatIsNotAcknowledgedGoesToAnotherMember() throws Exception {
        start(MeshServerConfig.builder().ackTimeout(Duration.ofMillis(300)));
        TestClient silent = subscriber("g", "t");
        publish(0, 1);
        Frame first = silent.take();
        TestClient other = subscriber("g", "t");
        Frame again = other.take();
        assertEquals(TestClient.data(first), TestClient.data(again));
        assertNotEquals(first.seq(), again.seq());
    }

    @Test
    void aLateAcknowledgementCounts() throws Exception {
        start(MeshServerConfig.builder().ackTimeout(Duration.ofMillis(300)));
        TestClient subscriber = subscriber("g", "t");
        publish(0, 1);
        Frame first = subscriber.take();
        subscriber.take();
        subscriber.acknowledge(first);
        Await.until(() -> topic().stored() == 0);
    }

    @Test
    void aSessionIsGivenNoMoreThanItsWindow() throws Exception {
        start(MeshServerConfig.builder().window(5));
        TestClient subscriber = subscriber("g", "t");
        publish(0, 20);
        List<Frame> held = subscriber.hold(5);
        assertEquals(5, group("g").unacked());
        assertEquals(15, group("g").pending());
        held.forEach(subscriber::acknowledge);
        assertEquals(names(5, 20), subscriber.receive(15));
    }

    @Test
    void aWindowOfBytesLetsOneLargeEventThrough() throws Exception {
        start(MeshServerConfig.builder().windowBytes(1000));
        TestClient subscriber = subscriber("g", "t");
        TestClient publisher = publisher();
        publisher.publish("t", "x".repeat(3000));
        publisher.publish("t", "second");
        Frame large = subscriber.take();
        assertEquals(1, group("g").pending());
        subscriber.acknowledge(large);
        assertEquals("second", TestClient.data(subscriber.take()));
    }

    @Test
    void aSlowMemberDoesNotHoldTheOthersUp() throws Exception {
        start(MeshServerConfig.builder().window(10));
        subscriber("g", "t");
        TestClient fast = subscriber("g", "t");
        publish(0, 100);
        fast.receive(90);
        Await.until(() -> group("g").acknowledged() == 90);
    }

    @Test
    void oneSessionReadsSeveralTopics() throws Exception {
        start();
        TestClient subscriber = subscriber("g", "t", "u");
        TestClient publisher = publisher();
        publisher.publish("t", "a");
        publisher.publish("u", "b");
        assertEquals(Set.of("a", "b"), Set.copyOf(subscriber.receive(2)));
    }

    @Test
    void nothingIsPushedBeforeListen() throws Exception {
        start();
        publish(0, 1);
        TestClient subscriber = connect();
        subscriber.hello("g", "sub");
        subscriber.subscribe(SubscriptionMode.CLUSTERING, "t");
        subscriber.request(Command.HEARTBEAT_REQUEST, null);
        assertTrue(subscriber.pushed.isEmpty());
        subscriber.request(Command.LISTEN_REQUEST, null);
        subscriber.take();
    }

    @Test
    void unsubscribingStopsPushesAndTheEndOfTheSessionGivesEventsBack() throws Exception {
        start();
        TestClient first = subscriber("g", "t");
        publish(0, 3);
        first.hold(3);
        assertEquals(Frame.SUCCESS, first.request(Command.UNSUBSCRIBE_REQUEST, null).code());
        publish(3, 6);
        TestClient second = subscriber("g", "t");
        assertEquals(names(3, 6), second.receive(3));
        assertTrue(first.pushed.isEmpty());
        first.close();
        assertEquals(names(0, 3), second.receive(3));
    }

    @Test
    void whatASessionHeldWhenItUnsubscribedCanStillBeAcknowledged() throws Exception {
        start();
        TestClient client = subscriber("g", "t");
        publish(0, 3);
        List<Frame> held = client.hold(3);
        client.request(Command.UNSUBSCRIBE_REQUEST, null);
        held.forEach(client::acknowledge);
        client.request(Command.CLIENT_GOODBYE_REQUEST, null);
        assertEquals(3, group("g").acknowledged());
        assertEquals(0, group("g").pending());
    }

    @Test
    void whatASessionHeldWhenItUnsubscribedComesAgainToAnotherOneOnly() throws Exception {
        start(MeshServerConfig.builder().ackTimeout(Duration.ofMillis(200)));
        TestClient first = subscriber("g", "t");
        publish(0, 1);
        first.hold(1);
        first.request(Command.UNSUBSCRIBE_REQUEST, null);
        Await.until(() -> group("g").pending() == 1);
        first.request(Command.HEARTBEAT_REQUEST, null);
        assertTrue(first.pushed.isEmpty());
        assertEquals(names(0, 1), subscriber("g", "t").receive(1));
    }

    @Test
    void aSubscriberGetsNoMoreUnacknowledgedThanItAskedFor() throws Exception {
        start(MeshServerConfig.builder().window(100));
        publish(0, 20);
        TestClient subscriber = connect();
        UserAgent agent = UserAgent.builder().version("1.0").group("g").purpose("sub").unack(5).build();
        subscriber.request(Command.HELLO_REQUEST, Bodies.write(agent));
        subscriber.subscribe(SubscriptionMode.CLUSTERING, "t");
        subscriber.request(Command.LISTEN_REQUEST, null);
        List<Frame> held = subscriber.hold(5);
        subscriber.request(Command.HEARTBEAT_REQUEST, null);
        assertTrue(subscriber.pushed.isEmpty());
        held.forEach(subscriber::acknowledge);
        assertEquals(names(5, 20), subscriber.receive(15));
    }
}
