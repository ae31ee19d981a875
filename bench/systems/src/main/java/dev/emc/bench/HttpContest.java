package dev.emc.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** HTTP: beside a bare client and a bare server on Vert.x; wrk sends to the servers. */
final class HttpContest implements Contest {

    /** Requests that emc has under way by default. */
    private static final int PARALLEL = 8;
    private static final double PART = 0.5;

    private final Emc emc;
    private final Wrk wrk;
    private final int bytes;
    private final Receiver receiver;
    private final Child process;
    private int runs;

    HttpContest(Emc emc, Tools tools, Path folder, int bytes) throws Exception {
        this.emc = emc;
        this.bytes = bytes;
        this.wrk = new Wrk(tools);
        this.receiver = new Receiver(folder);
        this.process = receiver.start();
        receiver.awaitReady();
    }

    @Override
    public List<Contender> contenders() {
        Payload payload = Payload.line(bytes);
        return List.of(emc.sink("http-sink", PART, payload, events -> {
            String name = newName();
            return new Emc.Place(Map.of("urls", "http://127.0.0.1:" + receiver.port + Receiver.path(name, events), "format",
                    "plain"), receiver.arrivals(name, events));
        }), new Contender("http-sink", "bare client on Vert.x, JVM", "made-up events; never sends again", PART, this::post),
                emc.source("http-source", PART, payload, (folder, events) -> {
                    int port = Ports.free();
                    Path requests = requests(folder, events, payload);
                    return new Emc.Origin(Map.of("port", Integer.toString(port), "server.host", "127.0.0.1"),
                            () -> wrk.start(folder, events, requests, port, "/"));
                }), new Contender("http-source", "bare server on Vert.x, JVM", "answers 200 and forgets", PART, this::serve));
    }

    private Run post(Path folder, int events) {
        String name = newName();
        List<String> command = new ArrayList<>(Candidate.program("BarePoster"));
        command.addAll(List.of(Integer.toString(receiver.port), Receiver.path(name, events), Integer.toString(events),
                Integer.toString(bytes), Integer.toString(PARALLEL)));
        return new Run(receiver.arrivals(name, events), () -> new Child(command, folder, folder.resolve("log")));
    }

    private Run serve(Path folder, int events) throws IOException {
        Receiver server = new Receiver(folder);
        Path requests = requests(folder, events, Payload.line(bytes));
        return new Run(server.arrivals("run", events), server::start).readyWhen(server::ready)
                .thenStart(() -> wrk.start(folder, events, requests, server.port, Receiver.path("run", events)));
    }

    private static Path requests(Path folder, int events, Payload payload) throws IOException {
        Path file = folder.resolve("requests");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (int number = 1; number <= events; number++) {
                out.write("Content-Type: text/plain\t" + new String(payload.make().apply(number), StandardCharsets.US_ASCII)
                        + "\n");
            }
        }
        return file;
    }

    private String newName() {
        return "run-" + ++runs;
    }

    @Override
    public void close() {
        process.close();
    }
}
