package dev.emc.bench;

import java.util.concurrent.CountDownLatch;

import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * A client that does nothing else, as a program: {@code publish HOST PORT TOPIC EVENTS BYTES WINDOW} publishes what it makes up,
 * {@code receive HOST PORT TOPIC EVENTS} makes records of what it receives and throws them away. It prints {@link Marks} and runs
 * until it is told to stop.
 */
@QuarkusMain
public final class PeerProgram {

    private PeerProgram() {}

    public static void main(String... args) throws Exception {
        BareClient client = new BareClient(args[1], Integer.parseInt(args[2]));
        int events = Integer.parseInt(args[4]);
        if (args[0].equals("publish")) {
            client.publish(args[3], events, Integer.parseInt(args[5]), Integer.parseInt(args[6]), Marks::mark);
        } else {
            client.receive(args[3], "bench", events, Marks::mark);
        }
        new CountDownLatch(1).await();
    }
}
