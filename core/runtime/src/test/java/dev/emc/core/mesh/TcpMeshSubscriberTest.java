package dev.emc.core.mesh;

import static dev.emc.core.mesh.FakeMesh.DEADLINE;
import static dev.emc.core.mesh.FakeMesh.until;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.eventmesh.common.protocol.SubscriptionItem;
import org.apache.eventmesh.common.protocol.SubscriptionMode;
import org.apache.eventmesh.common.protocol.SubscriptionType;
import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.RedirectInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

import dev.emc.api.FatalException;
import dev.emc.core.engine.MeshSubscriber.Delivery;
import dev.emc.core.engine.MeshSubscriber.Receiver;
import dev.emc.wire.Bodies;
import dev.emc.wire.Frame;

class TcpMeshSubscriberTest {

    private final FakeMesh mesh = new FakeMesh();
    private final Intake intake = new Intake();
    private TcpMeshSubscriber subscriber;

    @AfterEach
    void closesWithoutLeavingAThread() throws Exception {
        if (subscriber != null) {
            subscriber.close();
        }
        mesh.close();
        until(FakeMesh::noThreadIsLeft);
    }

    @Test
    void saysHelloSubscribesToEachTopicAndListens() throws Exception {
        open(settings(List.of("orders", "bills"), false, 1));
        assertEquals("sub", Bodies.userAgent(mesh.await(Command.HELLO_REQUEST).body()).getPurpose());
        assertEquals(List.of(new SubscriptionItem("orders", SubscriptionMode.CLUSTERING, SubscriptionType.ASYNC)),
                Bodies.subscription(mesh.await(Command.SUBSCRIBE_REQUEST).body()));
        assertEquals(List.of(new SubscriptionItem("bills", SubscriptionMode.CLUSTERING, SubscriptionType.ASYNC)),
                Bodies.subscription(mesh.await(Command.SUBSCRIBE_REQUEST).body()));
        mesh.await(Command.LISTEN_REQUEST);
        assertTrue(subscriber.state().ready());
    }

    @Test
    void aRefusedSubscriptionIsFatalAndNamesTheTopic() {
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.SUBSCRIBE_REQUEST) {
                FakeMesh.answer(client, frame, Frame.FAIL, "topic not exist");
                return true;
            }
            return false;
        };
        subscriber = new TcpMeshSubscriber(mesh.settings());
        FatalException e = assertThrows(FatalException.class, () -> subscriber.open(intake, Duration.ofMillis(300)));
        assertTrue(e.getMessage().contains("'orders'") && e.getMessage().contains("topic not exist"), e.getMessage());
    }

    @Test
    void aTopicThatComesIntoBeingWithinTheDeadlineIsSubscribedTo() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.SUBSCRIBE_REQUEST && refused.getAndIncrement() < 2) {
                FakeMesh.answer(client, frame, Frame.FAIL, "topic not exist");
                return true;
            }
            return false;
        };
        open(mesh.settings());
        assertTrue(subscriber.state().ready());
    }

    @Test
    void aSubscriptionThatTheServersRulesForbidIsFatalAtOnce() {
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.SUBSCRIBE_REQUEST) {
                FakeMesh.answer(client, frame, Frame.ACL_FAIL, "no right");
                return true;
            }
            return false;
        };
        FatalException e = assertThrows(FatalException.class, () -> open(mesh.settings()));
        assertTrue(e.getMessage().contains("no right"), e.getMessage());
    }

    @Test
    void tellsTheServerHowManyUnacknowledgedEventsItTakes() throws Exception {
        open(mesh.settings());
        assertEquals(mesh.settings().unacked(), Bodies.userAgent(mesh.await(Command.HELLO_REQUEST).body()).getUnack());
    }

    @Test
    void eventsHeldForLongerThanTheServersGuaranteeAreWarnedOfOnce() throws Exception {
        try (Warnings warnings = new Warnings(SubscribeSession.class)) {
            open(mesh.settings());
            mesh.push("1", "a", "x");
            Delivery delivery = intake.take();
            until(() -> !warnings.messages.isEmpty());
            assertTrue(warnings.messages.get(0).contains("Events wait for more than 3 s"), warnings.messages::toString);
            delivery.acknowledge();
            mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK);
            assertEquals(1, warnings.messages.size());
        }
    }

    @Test
    void acknowledgementsGoBackByTheConnectionTheirEventsCameFrom() throws Exception {
        Map<Channel, Set<String>> acknowledged = new ConcurrentHashMap<>();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.ASYNC_MESSAGE_TO_CLIENT_ACK) {
                acknowledged.computeIfAbsent(client, one -> ConcurrentHashMap.newKeySet()).add(frame.seq());
            }
            return false;
        };
        open(settings(List.of("orders"), false, 3));
        for (int i = 0; i < 3; i++) {
            mesh.push(mesh.clients.get(i), "s" + i, "id" + i, "x");
        }
        for (int i = 0; i < 3; i++) {
            intake.take().acknowledge();
        }
        for (int i = 0; i < 3; i++) {
            Channel client = mesh.clients.get(i);
            until(() -> acknowledged.containsKey(client));
            assertEquals(Set.of("s" + i), acknowledged.get(client));
        }
    }

    @Test
    void oneConnectionThatIsAwayStopsNoOther() throws Exception {
        open(settings(List.of("orders"), false, 2));
        Channel other = mesh.clients.get(0);
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.HELLO_REQUEST) {
                client.close();
                return true;
            }
            return false;
        };
        mesh.clients.get(1).close();
        until(() -> subscriber.state().reason().contains("1 of 2 sessions"));
        mesh.push(other, "1", "a", "x");
        intake.take().acknowledge();
        mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK);
    }

    @Test
    void aRefusedListenIsFatal() {
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.LISTEN_REQUEST) {
                FakeMesh.answer(client, frame, Frame.FAIL, "no topics");
                return true;
            }
            return false;
        };
        FatalException e = assertThrows(FatalException.class, () -> open(mesh.settings()));
        assertTrue(e.getMessage().contains("no topics"), e.getMessage());
    }

    @Test
    void aRefusedHelloIsFatal() {
        mesh.script = (client, frame) -> {
            FakeMesh.answer(client, frame, Frame.ACL_FAIL, "wrong password");
            client.close();
            return true;
        };
        FatalException e = assertThrows(FatalException.class, () -> open(mesh.settings()));
        assertTrue(e.getMessage().contains("wrong password"), e.getMessage());
    }

    @Test
    void anEventIsAcknowledgedWhenTheReceiverSaysSoAndNotBefore() throws Exception {
        open(mesh.settings());
        mesh.push("17", "a", "hello");
        Delivery delivery = intake.take();
        assertEquals("a", delivery.record().id());
        assertEquals("hello", delivery.record().text());
        assertEquals("orders", delivery.record().topic());
        assertTrue(mesh.frames.stream().noneMatch(frame -> frame.command() == Command.ASYNC_MESSAGE_TO_CLIENT_ACK));
        delivery.acknowledge();
        Frame ack = mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK);
        assertEquals("17", ack.seq());
        assertEquals(0, ack.code());
    }

    @Test
    void aBroadcastIsAcknowledgedAsSuch() throws Exception {
        open(settings(List.of("orders"), true, 3));
        assertEquals(SubscriptionMode.BROADCASTING,
                Bodies.subscription(mesh.await(Command.SUBSCRIBE_REQUEST).body()).get(0).getMode());
        assertEquals(1, mesh.clients.size());
        mesh.push(Command.BROADCAST_MESSAGE_TO_CLIENT, "4", "a", "x");
        intake.take().acknowledge();
        assertEquals("4", mesh.await(Command.BROADCAST_MESSAGE_TO_CLIENT_ACK).seq());
    }

    @Test
    void manyEventsAreDeliveredInOrderAndAcknowledgedFromAnotherThread() throws Exception {
        open(mesh.settings());
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            mesh.push("s" + i, "id" + i, "x".repeat(500));
        }
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Delivery delivery = intake.take();
            assertEquals("id" + i, delivery.record().id());
            delivery.acknowledge();
            expected.add("s" + i);
        }
        while (!expected.isEmpty()) {
            assertTrue(expected.remove(mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK).seq()));
        }
    }

    @Test
    void severalSessionsReceive() throws Exception {
        open(settings(List.of("orders"), false, 3));
        assertEquals(3, mesh.clients.size());
        assertEquals("connected to 127.0.0.1:" + mesh.port, subscriber.state().reason());
    }

    @Test
    void poisonPushesAreHandedOverAndLeaveTheConnectionWhole() throws Exception {
        open(mesh.settings());
        mesh.push(new Frame(Command.ASYNC_MESSAGE_TO_CLIENT, 1, null, "5", null, null));
        mesh.push(new Frame(Command.ASYNC_MESSAGE_TO_CLIENT, 0, null, "6", Frame.CLOUDEVENT, null));
        mesh.push(new Frame(Command.ASYNC_MESSAGE_TO_CLIENT, 0, null, "7", Frame.CLOUDEVENT, bytes("{\"no\":\"event\"}")));
        mesh.push(new Frame(Command.ASYNC_MESSAGE_TO_CLIENT, 0, null, "8", Map.of("protocoltype", "openmessage"), bytes("{}")));
        mesh.push(new Frame(Command.ASYNC_MESSAGE_TO_CLIENT, 0, null, null, null, bytes("x")));
        mesh.push("9", "a", "good");
        assertEquals("good", intake.take().record().text());
        List<Unreadable> all = new ArrayList<>(intake.unreadable);
        assertEquals(5, all.size());
        assertTrue(all.get(0).problem.contains("code 1"), all.get(0).problem);
        assertTrue(all.get(1).problem.contains("without any content"), all.get(1).problem);
        assertArrayEquals(bytes("{\"no\":\"event\"}"), all.get(2).body);
        assertTrue(all.get(3).problem.contains("openmessage"), all.get(3).problem);
        all.forEach(unreadable -> unreadable.acknowledge.run());
        for (String seq : new String[]{"5", "6", "7", "8"}) {
            assertEquals(seq, mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK).seq());
        }
        assertEquals(1, mesh.clients.size());
    }

    @Test
    void subscribesAgainAfterTheServerWasAway() throws Exception {
        open(mesh.settings());
        mesh.await(Command.LISTEN_REQUEST);
        mesh.stop();
        until(() -> !subscriber.state().ready());
        mesh.start();
        mesh.await(Command.HELLO_REQUEST);
        assertEquals("orders", Bodies.subscription(mesh.await(Command.SUBSCRIBE_REQUEST).body()).get(0).getTopic());
        mesh.await(Command.LISTEN_REQUEST);
        mesh.push("1", "a", "x");
        intake.take().acknowledge();
        mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK);
    }

    @Test
    void aRefusedSubscriptionWhileRunningIsTriedAgain() throws Exception {
        open(mesh.settings());
        AtomicInteger refused = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.SUBSCRIBE_REQUEST && refused.getAndIncrement() < 2) {
                FakeMesh.answer(client, frame, Frame.FAIL, "not yet");
                return true;
            }
            return false;
        };
        mesh.client().close();
        until(() -> refused.get() > 2 && subscriber.state().ready());
        mesh.push("1", "a", "x");
        assertNotNull(intake.take());
    }

    @Test
    void acknowledgementsOfALostConnectionAreDropped() throws Exception {
        open(mesh.settings());
        mesh.push("1", "a", "x");
        Delivery old = intake.take();
        mesh.await(Command.LISTEN_REQUEST);
        mesh.client().close();
        mesh.await(Command.LISTEN_REQUEST);
        until(() -> subscriber.state().ready());
        old.acknowledge();
        mesh.push("2", "a", "x");
        intake.take().acknowledge();
        assertEquals("2", mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK).seq());
    }

    @Test
    void comesBackAfterAServersGoodbyeWithoutSeq() throws Exception {
        open(mesh.settings());
        mesh.await(Command.LISTEN_REQUEST);
        mesh.push(Frame.of(Command.SERVER_GOODBYE_REQUEST, null));
        mesh.await(Command.SERVER_GOODBYE_RESPONSE);
        mesh.await(Command.LISTEN_REQUEST);
    }

    @Test
    void subscribesWhereTheServerRedirects() throws Exception {
        try (FakeMesh other = new FakeMesh()) {
            open(mesh.settings());
            mesh.push(Frame.of(Command.REDIRECT_TO_CLIENT, null, Bodies.write(new RedirectInfo("127.0.0.1", other.port))));
            other.await(Command.LISTEN_REQUEST);
            until(() -> subscriber.state().ready());
            other.push("1", "a", "x");
            intake.take().acknowledge();
            other.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK);
        }
    }

    @Test
    void aPausedSubscriberLetsTheServerFeelIt() throws Exception {
        open(mesh.settings());
        subscriber.pause();
        int pushed = pushUntilStuck();
        subscriber.resume();
        for (int i = 0; i < pushed; i++) {
            assertEquals("id" + i, intake.take().record().id());
        }
    }

    /** Pushes until the buffers of the network are full and stay so. */
    private int pushUntilStuck() throws Exception {
        Channel client = mesh.client();
        AtomicInteger pushed = new AtomicInteger();
        for (boolean stuck = false; !stuck; stuck = !client.isWritable()) {
            client.eventLoop().submit(() -> {
                while (client.isWritable()) {
                    mesh.push("s" + pushed.get(), "id" + pushed.getAndIncrement(), "x".repeat(10_000));
                }
            }).get();
            assertTrue(pushed.get() < 20_000, "nothing stops the pushes");
            // somebody who reads would have made room by then
            Thread.sleep(300);
        }
        return pushed.get();
    }

    @Test
    void heartbeatsGoOutWhilePausedAndMissingAnswersDontCount() throws Exception {
        open(mesh.settings(1, 1, DEADLINE, Duration.ofMillis(30)));
        mesh.await(Command.LISTEN_REQUEST);
        subscriber.pause();
        for (int i = 0; i < 10; i++) {
            mesh.await(Command.HEARTBEAT_REQUEST);
        }
        subscriber.resume();
        mesh.push("1", "a", "x");
        assertNotNull(intake.take());
        assertTrue(mesh.frames.stream().noneMatch(frame -> frame.command() == Command.HELLO_REQUEST));
    }

    @Test
    void acknowledgesWhilePaused() throws Exception {
        open(mesh.settings());
        mesh.push("1", "a", "x");
        Delivery delivery = intake.take();
        subscriber.pause();
        delivery.acknowledge();
        assertEquals("1", mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK).seq());
    }

    @Test
    void staysPausedAcrossANewConnection() throws Exception {
        AtomicInteger hellos = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.HELLO_REQUEST && hellos.incrementAndGet() == 2) {
                subscriber.pause();
            }
            return false;
        };
        open(mesh.settings());
        mesh.await(Command.LISTEN_REQUEST);
        mesh.client().close();
        mesh.await(Command.LISTEN_REQUEST);
        until(() -> subscriber.state().ready());
        int pushed = pushUntilStuck();
        subscriber.resume();
        for (int i = 0; i < pushed; i++) {
            assertEquals("id" + i, intake.take().record().id());
        }
    }

    @Test
    void aHalfOpenConnectionIsReplaced() throws Exception {
        AtomicInteger hellos = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.HELLO_REQUEST) {
                hellos.incrementAndGet();
            }
            return frame.command() == Command.HEARTBEAT_REQUEST && hellos.get() == 1;
        };
        open(mesh.settings(1, 1, DEADLINE, Duration.ofMillis(50)));
        until(() -> hellos.get() > 1);
        until(() -> subscriber.state().ready());
        mesh.push("1", "a", "x");
        assertNotNull(intake.take());
    }

    @Test
    void afterStopIntakeNothingIsDeliveredAndWhatWasCanStillBeAcknowledged() throws Exception {
        open(mesh.settings());
        mesh.push("1", "a", "x");
        Delivery delivery = intake.take();
        subscriber.stopIntake();
        mesh.await(Command.UNSUBSCRIBE_REQUEST);
        mesh.push("2", "b", "x");
        mesh.push(Frame.of(Command.HEARTBEAT_RESPONSE, "x"));
        delivery.acknowledge();
        assertEquals("1", mesh.await(Command.ASYNC_MESSAGE_TO_CLIENT_ACK).seq());
        subscriber.close();
        mesh.await(Command.CLIENT_GOODBYE_REQUEST);
        assertTrue(intake.deliveries.isEmpty());
    }

    @Test
    void afterStopIntakeALostConnectionIsNotReplaced() throws Exception {
        open(mesh.settings());
        subscriber.stopIntake();
        mesh.await(Command.UNSUBSCRIBE_REQUEST);
        mesh.client().close();
        until(() -> !subscriber.state().ready());
        subscriber.close();
        assertTrue(mesh.frames.stream().noneMatch(frame -> frame.command() == Command.HELLO_REQUEST));
    }

    @Test
    void acknowledgementsGoOutBeforeTheGoodbye() throws Exception {
        open(mesh.settings());
        int count = 1_000;
        List<Delivery> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mesh.push("s" + i, "id" + i, "x");
        }
        for (int i = 0; i < count; i++) {
            all.add(intake.take());
        }
        all.forEach(Delivery::acknowledge);
        subscriber.close();
        int acknowledged = 0;
        for (Frame frame = mesh.frames.poll(30, TimeUnit.SECONDS); frame
                .command() != Command.CLIENT_GOODBYE_REQUEST; frame = mesh.frames
                        .poll(30, TimeUnit.SECONDS)) {
            acknowledged += frame.command() == Command.ASYNC_MESSAGE_TO_CLIENT_ACK ? 1 : 0;
        }
        assertEquals(count, acknowledged);
        assertFalse(subscriber.state().ready());
    }

    @Test
    void anEventAtTheProtocolsLimitWithTheMeshsAdditionsIsReceived() throws Exception {
        open(mesh.settings());
        byte[] header = bytes("{\"cmd\":\"ASYNC_MESSAGE_TO_CLIENT\",\"seq\":\"1\",\"code\":0}");
        byte[] body = bytes("{\"specversion\":\"1.0\",\"id\":\"big\",\"source\":\"/s\",\"type\":\"t\",\"data\":\""
                + "x".repeat(Frame.MAX_LENGTH) + "\"}");
        ByteBuf raw = Unpooled.buffer().writeBytes(bytes("EventMesh0000")).writeInt(13 + header.length + body.length)
                .writeInt(header.length).writeBytes(header).writeBytes(body);
        mesh.client().pipeline().firstContext().writeAndFlush(raw);
        assertEquals("big", intake.take().record().id());
    }

    @Test
    void anAnswerToTheHelloWithoutSeqIsUnderstood() throws Exception {
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.HELLO_REQUEST) {
                client.writeAndFlush(Frame.answer(Command.HELLO_RESPONSE, 0, null, null));
                return true;
            }
            return false;
        };
        open(mesh.settings());
        assertTrue(subscriber.state().ready());
    }

    private void open(MeshSettings settings) throws Exception {
        subscriber = new TcpMeshSubscriber(settings);
        subscriber.open(intake, DEADLINE);
    }

    private MeshSettings settings(List<String> topics, boolean broadcasting, int sessions) {
        return new MeshSettings("127.0.0.1", mesh.port, "g", topics, broadcasting, sessions, 256, DEADLINE, 4 << 20, "PRD",
                "DEFAULT", "emc", null, null, 0, Duration.ofSeconds(20));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private record Unreadable(String problem, byte[] body, Runnable acknowledge) {}

    private static final class Intake implements Receiver {

        final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        final BlockingQueue<Unreadable> unreadable = new LinkedBlockingQueue<>();

        @Override
        public void received(Delivery delivery) {
            deliveries.add(delivery);
        }

        @Override
        public void unreadable(String problem, byte[] body, Runnable acknowledge) {
            unreadable.add(new Unreadable(problem, body, acknowledge));
        }

        Delivery take() throws InterruptedException {
            Delivery delivery = deliveries.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(delivery, "nothing was delivered in time");
            return delivery;
        }
    }
}
