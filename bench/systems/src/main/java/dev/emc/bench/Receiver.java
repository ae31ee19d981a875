package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The process of a {@link BareServer}. */
final class Receiver {

    final int port;
    private final List<String> command = new ArrayList<>(Candidate.program("BareServer"));
    private final Path folder;
    private Child process;

    /** @param arguments of {@link BareServer}, after its port */
    Receiver(Path folder, String... arguments) throws IOException {
        this.folder = folder;
        port = Ports.free();
        command.add(Integer.toString(port));
        command.addAll(List.of(arguments));
    }

    Child start() throws IOException {
        process = new Child(command, folder, folder.resolve("receiver.log"));
        return process;
    }

    boolean ready() {
        return process.mark("ready") != null;
    }

    void awaitReady() throws IOException, InterruptedException {
        while (!ready()) {
            process.check();
            Thread.sleep(10);
        }
    }

    /** The path for so many events. */
    static String path(String name, int events) {
        return "/" + name + "/" + events;
    }

    /** What arrives at {@link #path}, as the server tells. */
    Target arrivals(String name, int all) {
        return new Target() {
            private final int step = Math.max(1, all / Marks.STEPS);
            private long arrived;

            @Override
            public long arrived() throws IOException {
                process.check();
                while (arrived < all) {
                    long next = arrived == 0 ? 1 : Math.min(arrived - arrived % step + step, all);
                    if (process.mark(name + " " + next) == null) {
                        break;
                    }
                    arrived = next;
                }
                return arrived;
            }

            @Override
            public void verify(int events) {
                Target.require(arrived, events);
            }
        };
    }
}
