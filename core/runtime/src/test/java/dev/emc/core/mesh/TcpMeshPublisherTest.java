package dev.emc.core.mesh;

import static dev.emc.core.mesh.FakeMesh.DEADLINE;
import static dev.emc.core.mesh.FakeMesh.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.RedirectInfo;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.core.engine.NotConnectedException;
import dev.emc.wire.Bodies;
import dev.emc.wire.EventCodec;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.Frame;

class TcpMeshPublisherTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    private final FakeMesh mesh = new FakeMesh();
    private TcpMeshPublisher publisher;
    private volatile boolean over;

    @AfterEach
    void closesWithoutLeavingAThread() throws Exception {
        over = true;
        if (publisher != null) {
            publisher.close();
        }
        mesh.close();
        until(FakeMesh::noThreadIsLeft);
    }

    @Test
    void saysHelloAsAPublisher() throws Exception {
        open(mesh.settings());
        UserAgent agent = Bodies.userAgent(mesh.await(Command.HELLO_REQUEST).body());
        assertEquals("pub", agent.getPurpose());
        assertEquals("g", agent.getGroup());
        assertEquals("user", agent.getUsername());
        assertEquals("secret", agent.getPassword());
        assertEquals("emc", agent.getSubsystem());
        assertNotNull(agent.getVersion());
        assertTrue(publisher.state().ready());
        assertEquals("connected to 127.0.0.1:" + mesh.port, publisher.state().reason());
    }

    @Test
    void aRefusedHelloIsFatalWithTheServersReason() {
        mesh.script = (client, frame) -> {
            FakeMesh.answer(client, frame, Frame.FAIL, "group is in black list");
            client.close();
            return true;
        };
        FatalException e = assertThrows(FatalException.class, () -> open(mesh.settings()));
        assertTrue(e.getMessage().contains("group is in black list"), e.getMessage());
        assertTrue(e.getMessage().contains("127.0.0.1:" + mesh.port), e.getMessage());
    }

    @Test
    void anUnreachableServerIsRetryableAtTheDeadline() {
        mesh.stop();
        RetryableException e = assertThrows(RetryableException.class, () -> {
            publisher = new TcpMeshPublisher(mesh.settings());
            publisher.open(Duration.ofMillis(400));
        });
        assertTrue(e.getMessage().contains("127.0.0.1:" + mesh.port), e.getMessage());
        assertTrue(e.getMessage().contains("(Connection refused): "), e.getMessage());
        assertTrue(e.getMessage().contains("mesh.address"), e.getMessage());
    }

    @Test
    void anUnknownHostIsSaidSo() {
        MeshSettings settings = mesh.settings();
        publisher = new TcpMeshPublisher(new MeshSettings("no-such-host.invalid", 10_000, "g", settings.topics(), false, 1, 256,
                settings.ackTimeout(), 4 << 20, "PRD", "DEFAULT", "emc", null, null, 0, settings.heartbeat()));
        RetryableException e = assertThrows(RetryableException.class, () -> publisher.open(Duration.ofMillis(100)));
        assertTrue(e.getMessage().contains("no-such-host.invalid:10000 can't be reached (there is no host of this name)"),
                e.getMessage());
    }

    @Test
    void aServerThatComesUpWithinTheDeadlineIsReached() throws Exception {
        mesh.stop();
        publisher = new TcpMeshPublisher(mesh.settings());
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread opening = new Thread(() -> {
            try {
                publisher.open(DEADLINE);
            } catch (Exception e) {
                failure.set(e);
            }
        });
        opening.start();
        Thread.sleep(200);
        mesh.start();
        opening.join(DEADLINE.toMillis());
        assertNull(failure.get());
        assertTrue(publisher.state().ready());
    }

    @Test
    void closingEndsTheOpening() throws Exception {
        mesh.stop();
        publisher = new TcpMeshPublisher(mesh.settings());
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread opening = new Thread(() -> {
            try {
                publisher.open(Duration.ofMinutes(10));
            } catch (Exception e) {
                failure.set(e);
            }
        });
        opening.start();
        Thread.sleep(100);
        publisher.close();
        opening.join(DEADLINE.toMillis());
        assertInstanceOf(RetryableException.class, failure.get());
    }

    @Test
    void aRecordIsDoneWhenTheServerHasAnswered() throws Exception {
        open(mesh.settings());
        CountDownLatch answer = new CountDownLatch(1);
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.ASYNC_MESSAGE_TO_SERVER) {
                mesh.script = (c, f) -> false;
                new Thread(() -> {
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    FakeMesh.answer(client, frame);
                }).start();
                return true;
            }
            return false;
        };
        Outcome outcome = publish("1", "hello");
        Frame sent = mesh.await(Command.ASYNC_MESSAGE_TO_SERVER);
        assertEquals("cloudevents", sent.properties().get("protocoltype"));
        ConnectorRecord record = EventCodec.read(sent.body());
        assertEquals("orders", record.topic());
        assertEquals("hello", record.text());
        assertFalse(outcome.isDone());
        answer.countDown();
        assertNull(outcome.await());
    }

    @Test
    void twentyThousandRecordsGoThroughQuickly() throws Exception {
        open(mesh.settings(1, 256, DEADLINE, DEADLINE));
        assertTrue(publishMany(20_000) < 20_000, "took too long");
    }

    @Test
    void oneSessionThatIsAwayStopsNoOther() throws Exception {
        open(mesh.settings(3, 16, DEADLINE, DEADLINE));
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.HELLO_REQUEST) {
                client.close();
                return true;
            }
            return false;
        };
        mesh.client().close();
        until(() -> publisher.state().reason().contains("2 of 3 sessions"));
        publishMany(1_000);
        assertTrue(publisher.state().ready());
    }

    @Test
    void severalSessionsShareTheRecords() throws Exception {
        Set<Channel> used = ConcurrentHashMap.newKeySet();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.ASYNC_MESSAGE_TO_SERVER) {
                used.add(client);
            }
            return false;
        };
        open(mesh.settings(3, 16, DEADLINE, DEADLINE));
        publishMany(3_000);
        assertEquals(3, used.size());
    }

    private long publishMany(int count) throws InterruptedException {
        long start = System.nanoTime();
        CountDownLatch done = new CountDownLatch(count);
        List<Exception> errors = new ArrayList<>();
        String data = "x".repeat(1000);
        for (int i = 0; i < count; i++) {
            publisher.publish(record("id" + i, data), "orders", error -> {
                if (error != null) {
                    synchronized (errors) {
                        errors.add(error);
                    }
                }
                done.countDown();
            });
        }
        publisher.flush();
        assertTrue(done.await(60, TimeUnit.SECONDS), "left: " + done.getCount());
        assertEquals(List.of(), errors);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @Test
    void neverMoreThanTheWindowIsUnanswered() throws Exception {
        List<Frame> held = new ArrayList<>();
        AtomicInteger most = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() != Command.ASYNC_MESSAGE_TO_SERVER) {
                return false;
            }
            held.add(frame);
            most.accumulateAndGet(held.size(), Math::max);
            // answers come late, so that a client without a window would run ahead
            client.eventLoop().schedule(() -> {
                held.remove(frame);
                FakeMesh.answer(client, frame);
            }, 2, TimeUnit.MILLISECONDS);
            return true;
        };
        open(mesh.settings(1, 8, DEADLINE, DEADLINE));
        publishMany(400);
        assertEquals(8, most.get());
    }

    @Test
    void recordsAreSentInTheirOrder() throws Exception {
        open(mesh.settings(1, 16, DEADLINE, DEADLINE));
        publishMany(1_000);
        List<String> ids = new ArrayList<>();
        for (Frame frame : mesh.frames) {
            if (frame.command() == Command.ASYNC_MESSAGE_TO_SERVER) {
                ids.add(EventCodec.read(frame.body()).id());
            }
        }
        assertEquals(IntStream.range(0, 1_000).mapToObj(i -> "id" + i).collect(Collectors.toList()), ids);
    }

    @Test
    void aMissingAnswerIsRetryable() throws Exception {
        mesh.script = (client, frame) -> frame.command() == Command.ASYNC_MESSAGE_TO_SERVER;
        open(mesh.settings(1, 2, SHORT, DEADLINE));
        Outcome first = publish("1", "a");
        Outcome queuedBehindTheWindow = publish("2", "b");
        Outcome third = publish("3", "c");
        for (Outcome outcome : List.of(first, queuedBehindTheWindow, third)) {
            RetryableException e = assertInstanceOf(RetryableException.class, outcome.await());
            assertTrue(e.getMessage().contains("did not answer"), e.getMessage());
        }
        assertTrue(publisher.state().ready());
    }

    @Test
    void onlyTheEventWhoseAnswerIsLostIsSentAgain() throws Exception {
        AtomicInteger received = new AtomicInteger();
        mesh.script = (client, frame) -> frame.command() == Command.ASYNC_MESSAGE_TO_SERVER && received.incrementAndGet() == 3;
        open(mesh.settings(1, 256, SHORT, DEADLINE));
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            outcomes.add(publish("e" + i, "x"));
        }
        for (int i = 1; i <= 10; i++) {
            Exception error = outcomes.get(i - 1).await();
            assertEquals(i == 3, error != null, () -> String.valueOf(error));
        }
    }

    @Test
    void aSilentServerIsSentOneEventAtATimeAndLessAndLessOften() throws Exception {
        AtomicInteger received = new AtomicInteger();
        mesh.script = (client, frame) -> frame.command() == Command.ASYNC_MESSAGE_TO_SERVER
                && received.incrementAndGet() > 0;
        open(mesh.settings(1, 100, Duration.ofMillis(100), DEADLINE));
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            publishAgainAndAgain("id" + i, failed, new AtomicInteger());
        }
        publisher.flush();
        until(() -> failed.get() >= 4);
        assertTrue(received.get() <= 100 + failed.get(), received + " sent");
        int before = failed.get();
        // 100 + 200 + 400 + 800 ms have passed, 1600 ms are to come
        Thread.sleep(800);
        assertTrue(failed.get() <= before + 1, failed + " given up");
    }

    @Test
    void aServerThatAnswersAtLastGetsTheRestOnce() throws Exception {
        List<Frame> unanswered = new ArrayList<>();
        AtomicBoolean full = new AtomicBoolean(true);
        ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
        mesh.script = (client, frame) -> {
            if (frame.command() != Command.ASYNC_MESSAGE_TO_SERVER) {
                return false;
            }
            taken.add(id(frame));
            if (full.get()) {
                unanswered.add(frame);
                return true;
            }
            // it is no longer full: what waited goes first
            unanswered.forEach(waiting -> FakeMesh.answer(client, waiting));
            unanswered.clear();
            return false;
        };
        open(mesh.settings(1, 50, SHORT, DEADLINE));
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            publishAgainAndAgain("id" + i, failed, accepted);
        }
        publisher.flush();
        until(() -> failed.get() >= 2);
        full.set(false);
        until(() -> accepted.get() == 200);
        assertTrue(taken.size() <= 200 + failed.get(), taken.size() + " were sent");
        assertTrue(failed.get() < 10, failed + " were given up");
    }

    private static String id(Frame frame) {
        try {
            return EventCodec.read(frame.body()).id();
        } catch (EventFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the worker does. */
    private void publishAgainAndAgain(String id, AtomicInteger failed, AtomicInteger accepted) {
        publisher.publish(record(id, "x"), "orders", error -> {
            if (error == null) {
                accepted.incrementAndGet();
            } else {
                failed.incrementAndGet();
                CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS).execute(() -> {
                    if (!over) {
                        publishAgainAndAgain(id, failed, accepted);
                        publisher.flush();
                    }
                });
            }
        });
    }

    @Test
    void aMissingAnswerInStrictOrderIsAskedForAgainAtOnce() throws Exception {
        AtomicInteger received = new AtomicInteger();
        mesh.script = (client, frame) -> frame.command() == Command.ASYNC_MESSAGE_TO_SERVER && received.incrementAndGet() == 1;
        open(mesh.settings(1, 256, SHORT, DEADLINE));
        Exception error = publish("1", "a").await();
        assertInstanceOf(RetryableException.class, error);
        assertInstanceOf(NotConnectedException.class, error.getCause(), "a silent server has judged nothing");
        assertNull(publish("1", "a").await());
    }

    @Test
    void anAnswerThatComesTooLateIsIgnored() throws Exception {
        AtomicReference<Frame> unanswered = new AtomicReference<>();
        mesh.script = (client, frame) -> frame.command() == Command.ASYNC_MESSAGE_TO_SERVER
                && unanswered.compareAndSet(null, frame);
        open(mesh.settings(1, 2, SHORT, DEADLINE));
        Outcome late = publish("1", "a");
        assertInstanceOf(RetryableException.class, late.await());
        FakeMesh.answer(mesh.client(), unanswered.get());
        assertNull(publish("2", "b").await());
        assertEquals(1, late.times.get());
    }

    @Test
    void answersForOthersAreIgnored() throws Exception {
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.ASYNC_MESSAGE_TO_SERVER) {
                String seq = frame.seq();
                for (String other : new String[]{null, "", "1", "0000000001", "x" + seq, seq + "x", seq + "0",
                        seq.substring(0, seq.length() - 1), seq.substring(1), "-" + seq}) {
                    client.writeAndFlush(Frame.answer(Command.ASYNC_MESSAGE_TO_SERVER_ACK, 0, "success", other));
                }
                return true;
            }
            return false;
        };
        open(mesh.settings(1, 2, SHORT, DEADLINE));
        assertInstanceOf(RetryableException.class, publish("1", "a").await());
        assertTrue(publisher.state().ready());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"3|tps overload", "3|", "1|SEND_TOO_FAST", "1|Tps overload, global flow control"})
    void anOverloadedServerIsRetryableAfterAWhile(int code, String desc) throws Exception {
        answerPublishesWith(code, desc);
        open(mesh.settings(1, 256, SHORT, DEADLINE));
        RetryableException e = assertInstanceOf(RetryableException.class, publish("1", "a").await());
        assertTrue(e.after().isPresent());
        assertInstanceOf(NotConnectedException.class, e.getCause(), "that is no attempt");
        mesh.script = (client, frame) -> false;
        assertNull(publish("2", "b").await());
    }

    @Test
    void whatAnOverloadedServerRefusesIsSentAgainByTheSession() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.ASYNC_MESSAGE_TO_SERVER && refused.getAndIncrement() < 3) {
                FakeMesh.answer(client, frame, Frame.TPS_OVERLOAD, "SEND_TOO_FAST");
                return true;
            }
            return false;
        };
        open(mesh.settings());
        assertNull(publish("1", "a").await());
    }

    @Test
    void anOverloadedServerIsSentLessAtOnce() throws Exception {
        Set<String> underWay = ConcurrentHashMap.newKeySet();
        AtomicInteger refused = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() != Command.ASYNC_MESSAGE_TO_SERVER) {
                return false;
            }
            // as servers do: so many at once, and no more
            if (underWay.size() >= 8) {
                refused.incrementAndGet();
                FakeMesh.answer(client, frame, Frame.FAIL, "java.lang.Exception: SEND_TOO_FAST");
                return true;
            }
            underWay.add(frame.seq());
            client.eventLoop().schedule(() -> {
                underWay.remove(frame.seq());
                FakeMesh.answer(client, frame);
            }, 2, TimeUnit.MILLISECONDS);
            return true;
        };
        open(mesh.settings(1, 256, DEADLINE, DEADLINE));
        publishMany(1_000);
        assertTrue(refused.get() > 0 && refused.get() < 500, refused + " were refused");
    }

    @Test
    void aCommonFailureIsRetryableWithTheServersReason() throws Exception {
        answerPublishesWith(Frame.FAIL, "no consumer");
        open(mesh.settings());
        RetryableException e = assertInstanceOf(RetryableException.class, publish("1", "a").await());
        assertTrue(e.getMessage().contains("no consumer"), e.getMessage());
    }

    @Test
    void anEventOverTheServersLimitIsPermanent() throws Exception {
        answerPublishesWith(Frame.FAIL, "java.lang.Exception: event size exceeds the limit: 1000");
        open(mesh.settings());
        PermanentException e = assertInstanceOf(PermanentException.class, publish("1", "a").await());
        assertEquals("The mesh at 127.0.0.1:" + mesh.port + " takes no event as long as '1', whose data has 3 characters"
                + " (java.lang.Exception: event size exceeds the limit: 1000): raise eventMesh.server.maxEventSize in the"
                + " server's configuration.", e.getMessage());
    }

    private boolean wasCut(Exception error) {
        return assertInstanceOf(NotConnectedException.class, assertInstanceOf(RetryableException.class, error).getCause())
                .isCut();
    }

    /** Does something with the connection when an event comes, which gets no answer. */
    private void atAnEvent(Consumer<Channel> act) {
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.ASYNC_MESSAGE_TO_SERVER) {
                act.accept(client);
                return true;
            }
            return false;
        };
    }

    @Test
    void aConnectionThatTheServerClosesAtAnEventWasCut() throws Exception {
        atAnEvent(Channel::close);
        open(mesh.settings());
        assertTrue(wasCut(publish("1", "a").await()));
    }

    @Test
    void aConnectionThatIsResetAtAnEventWasCut() throws Exception {
        atAnEvent(client -> {
            client.config().setOption(ChannelOption.SO_LINGER, 0);
            client.close();
        });
        open(mesh.settings());
        assertTrue(wasCut(publish("1", "a").await()));
    }

    @Test
    void aConnectionThatEndsWithAGoodbyeWasNotCut() throws Exception {
        atAnEvent(client -> client.writeAndFlush(Frame.of(Command.SERVER_GOODBYE_REQUEST, null)));
        open(mesh.settings());
        assertFalse(wasCut(publish("1", "a").await()));
    }

    /** What waits there goes out although this process may have lost its lease meanwhile. */
    @Test
    void littleWaitsBehindAServerThatDoesNotRead() throws Exception {
        atAnEvent(client -> client.config().setAutoRead(false));
        PublishSession session = new PublishSession(mesh.settings(1, 20_000, DEADLINE, DEADLINE));
        session.open(DEADLINE);
        try {
            for (int i = 0; i < 20_000; i++) {
                session.publish(record(Integer.toString(i), "x".repeat(2_000)), "t", error -> {});
            }
            session.flush();
            Channel channel = session.link.channel();
            until(() -> !channel.isWritable());
            long waiting = channel.eventLoop().submit(() -> channel.unsafe().outboundBuffer().totalPendingWriteBytes()).get();
            assertTrue(waiting < 128 * 1024, waiting + " bytes");
        } finally {
            session.close();
        }
    }

    @Test
    void whatMayNotBeSentComesBackUnsent() throws Exception {
        AtomicBoolean allowed = new AtomicBoolean();
        publisher = new TcpMeshPublisher(mesh.settings());
        publisher.onlyWhile(allowed::get);
        publisher.open(DEADLINE);
        Exception error = publish("1", "a").await();
        assertInstanceOf(NotConnectedException.class, assertInstanceOf(RetryableException.class, error).getCause());
        allowed.set(true);
        assertNull(publish("2", "a").await());
        assertEquals("2", id(mesh.await(Command.ASYNC_MESSAGE_TO_SERVER)));
    }

    @Test
    void aMissingPermissionIsPermanent() throws Exception {
        answerPublishesWith(Frame.ACL_FAIL, "not allowed");
        open(mesh.settings());
        assertInstanceOf(PermanentException.class, publish("1", "a").await());
    }

    @Test
    void aForgottenSessionLeadsToANewOne() throws Exception {
        AtomicInteger hellos = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.HELLO_REQUEST) {
                hellos.incrementAndGet();
            } else if (frame.command() == Command.ASYNC_MESSAGE_TO_SERVER && hellos.get() == 1) {
                FakeMesh.answer(client, frame, Frame.FAIL, "no session is found");
                return true;
            }
            return false;
        };
        open(mesh.settings());
        assertInstanceOf(RetryableException.class, publish("1", "a").await());
        until(() -> hellos.get() == 2 && publisher.state().ready());
        assertNull(publish("1", "a").await());
    }

    @Test
    void anEventOverOurOwnLimitIsPermanentAndNotSent() throws Exception {
        open(mesh.settings());
        PermanentException e = assertInstanceOf(PermanentException.class, publish("1", "x".repeat(4 << 20)).await());
        assertTrue(e.getMessage().contains("'1'") && e.getMessage().contains("bytes long"), e.getMessage());
        assertNull(publish("2", "b").await());
        assertTrue(mesh.frames.stream().filter(frame -> frame.command() == Command.ASYNC_MESSAGE_TO_SERVER).count() == 1);
    }

    @Test
    void anEventJustWithinTheLimitGoesThrough() throws Exception {
        open(mesh.settings());
        assertNull(publish("1", "x".repeat((4 << 20) - 2048)).await());
    }

    @Test
    void aRecordThatIsNoEventIsPermanent() throws Exception {
        open(mesh.settings());
        Outcome outcome = new Outcome();
        publisher.publish(ConnectorRecord.builder().attribute("id", "1").text("x").build(), "orders", outcome::done);
        publisher.flush();
        assertInstanceOf(PermanentException.class, outcome.await());
    }

    @Test
    void whatIsUnderWayEndsWithTheConnection() throws Exception {
        mesh.script = (client, frame) -> frame.command() == Command.ASYNC_MESSAGE_TO_SERVER;
        open(mesh.settings(1, 2, DEADLINE, DEADLINE));
        List<Outcome> outcomes = List.of(publish("1", "a"), publish("2", "b"), publish("3", "c"));
        mesh.await(Command.ASYNC_MESSAGE_TO_SERVER);
        mesh.client().close();
        for (Outcome outcome : outcomes) {
            RetryableException e = assertInstanceOf(RetryableException.class, outcome.await());
            assertTrue(e.getMessage().contains("lost"), e.getMessage());
        }
    }

    @Test
    void connectsAgainAfterTheServerWasAway() throws Exception {
        open(mesh.settings());
        mesh.stop();
        until(() -> !publisher.state().ready());
        assertInstanceOf(RetryableException.class, publish("1", "a").await());
        assertTrue(publisher.state().reason().startsWith("not connected to 127.0.0.1:" + mesh.port));
        mesh.start();
        until(() -> publisher.state().ready());
        assertNull(publish("1", "a").await());
    }

    @Test
    void connectsAgainAfterAServersGoodbyeWithoutSeq() throws Exception {
        open(mesh.settings());
        mesh.await(Command.HELLO_REQUEST);
        mesh.push(Frame.of(Command.SERVER_GOODBYE_REQUEST, null));
        mesh.await(Command.SERVER_GOODBYE_RESPONSE);
        mesh.await(Command.HELLO_REQUEST);
        until(() -> publisher.state().ready());
        assertNull(publish("1", "a").await());
    }

    @Test
    void connectsAgainAfterARefusedHelloWhileRunning() throws Exception {
        open(mesh.settings());
        AtomicInteger refused = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.HELLO_REQUEST && refused.getAndIncrement() < 2) {
                FakeMesh.answer(client, frame, Frame.FAIL, "starting");
                client.close();
                return true;
            }
            return false;
        };
        mesh.client().close();
        until(() -> refused.get() > 2 && publisher.state().ready());
        assertNull(publish("1", "a").await());
    }

    @Test
    void goesWhereTheServerRedirects() throws Exception {
        try (FakeMesh other = new FakeMesh()) {
            open(mesh.settings());
            mesh.push(Frame.of(Command.REDIRECT_TO_CLIENT, null, Bodies.write(new RedirectInfo("127.0.0.1", other.port))));
            other.await(Command.HELLO_REQUEST);
            until(() -> publisher.state().ready());
            assertEquals("connected to 127.0.0.1:" + other.port, publisher.state().reason());
            assertNull(publish("1", "a").await());
            other.await(Command.ASYNC_MESSAGE_TO_SERVER);
        }
    }

    @Test
    void comesBackWhenARedirectionLeadsNowhere() throws Exception {
        FakeMesh gone = new FakeMesh();
        gone.close();
        open(mesh.settings());
        mesh.await(Command.HELLO_REQUEST);
        mesh.push(Frame.of(Command.REDIRECT_TO_CLIENT, null, Bodies.write(new RedirectInfo("127.0.0.1", gone.port))));
        mesh.await(Command.HELLO_REQUEST);
        until(() -> publisher.state().ready());
        assertEquals("connected to 127.0.0.1:" + mesh.port, publisher.state().reason());
    }

    @Test
    void aServerThatAnswersNoHeartbeatIsLeft() throws Exception {
        AtomicInteger hellos = new AtomicInteger();
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.HELLO_REQUEST) {
                hellos.incrementAndGet();
            }
            return frame.command() == Command.HEARTBEAT_REQUEST && hellos.get() == 1;
        };
        open(mesh.settings(1, 2, DEADLINE, Duration.ofMillis(50)));
        until(() -> hellos.get() > 1);
        until(() -> publisher.state().ready());
        assertNull(publish("1", "a").await());
    }

    @Test
    void anIdleConnectionIsKeptByHeartbeats() throws Exception {
        open(mesh.settings(1, 2, DEADLINE, Duration.ofMillis(50)));
        for (int i = 0; i < 10; i++) {
            mesh.await(Command.HEARTBEAT_REQUEST);
        }
        assertTrue(publisher.state().ready());
        assertTrue(mesh.frames.stream().noneMatch(frame -> frame.command() == Command.HELLO_REQUEST));
    }

    @Test
    void anOddServerIsLeftAndTriedAgain() throws Exception {
        open(mesh.settings());
        mesh.await(Command.HELLO_REQUEST);
        mesh.client().pipeline().firstContext().writeAndFlush(Unpooled.wrappedBuffer("HTTP/1.1 400".getBytes()));
        mesh.await(Command.HELLO_REQUEST);
        until(() -> publisher.state().ready());
    }

    @Test
    void connectsAgainAfterAnUnexpectedErrorWhileConnecting() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        MeshSession session = new MeshSession(mesh.settings(), "pub", 0) {
            @Override
            public void received(Link from, Frame frame) {}

            @Override
            public void receivedAll(Link from) {}

            @Override
            void establish(Link fresh) {
                if (connections.incrementAndGet() == 2) {
                    throw new IllegalStateException("no more files can be opened");
                }
            }
        };
        session.open(DEADLINE);
        mesh.client().close();
        try {
            until(() -> session.link != null && connections.get() == 3);
        } finally {
            session.close();
        }
    }

    @Test
    void aServerThatDoesNotReadIsNotSentMoreThanABoundedAmount() throws Exception {
        PublishSession session = new PublishSession(mesh.settings(1, 1, Duration.ofMillis(50), DEADLINE));
        session.open(DEADLINE);
        mesh.client().config().setAutoRead(false);
        try {
            int events = 40;
            String megabyte = "x".repeat(1 << 20);
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            for (int i = 0; i < events; i++) {
                session.publish(record("e" + i, megabyte), "orders",
                        error -> (error == null ? accepted : failed).incrementAndGet());
            }
            session.flush();
            Channel channel = session.link.channel();
            until(() -> failed.get() > 0 && !channel.isWritable());
            // long enough for all of them to have been sent and given up
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
            long most = 0;
            while (System.nanoTime() < end && failed.get() < events) {
                most = Math.max(most,
                        channel.eventLoop().submit(() -> channel.unsafe().outboundBuffer().totalPendingWriteBytes())
                                .get());
            }
            assertTrue(most < 4 << 20, most + " bytes wait");
            mesh.client().config().setAutoRead(true);
            until(() -> accepted.get() + failed.get() == events);
            assertTrue(accepted.get() > 0);
        } finally {
            session.close();
        }
    }

    @Test
    void saysGoodbyeAndEndsWhatIsUnderWay() throws Exception {
        open(mesh.settings(2, 2, DEADLINE, DEADLINE));
        mesh.script = (client, frame) -> frame.command() == Command.ASYNC_MESSAGE_TO_SERVER;
        Outcome underWay = publish("1", "a");
        mesh.await(Command.ASYNC_MESSAGE_TO_SERVER);
        publisher.close();
        mesh.await(Command.CLIENT_GOODBYE_REQUEST);
        assertInstanceOf(RetryableException.class, underWay.await());
        assertFalse(publisher.state().ready());
        assertInstanceOf(RetryableException.class, publish("2", "b").await());
    }

    private void open(MeshSettings settings) throws Exception {
        publisher = new TcpMeshPublisher(settings);
        publisher.open(DEADLINE);
    }

    private void answerPublishesWith(int code, String desc) {
        mesh.script = (client, frame) -> {
            if (frame.command() == Command.ASYNC_MESSAGE_TO_SERVER) {
                FakeMesh.answer(client, frame, code, desc);
                return true;
            }
            return false;
        };
    }

    private Outcome publish(String id, String data) {
        Outcome outcome = new Outcome();
        publisher.publish(record(id, data), "orders", outcome::done);
        publisher.flush();
        return outcome;
    }

    private static ConnectorRecord record(String id, String data) {
        return ConnectorRecord.builder().attribute("id", id).attribute("source", "/s").attribute("type", "t").text(data)
                .build();
    }

    /** How publishing a record ended. */
    private static final class Outcome {

        private final CountDownLatch latch = new CountDownLatch(1);
        private final ConcurrentLinkedQueue<Exception> error = new ConcurrentLinkedQueue<>();
        final AtomicInteger times = new AtomicInteger();

        void done(Exception e) {
            times.incrementAndGet();
            if (e != null) {
                error.add(e);
            }
            latch.countDown();
        }

        boolean isDone() {
            return latch.getCount() == 0;
        }

        Exception await() throws InterruptedException {
            assertTrue(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS), "not done in time");
            return error.peek();
        }
    }
}
