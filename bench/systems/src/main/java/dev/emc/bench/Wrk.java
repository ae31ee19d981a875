package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code wrk}, made to send each of so many requests once: by itself it sends the same one for a time. */
final class Wrk {

    private static final int CONNECTIONS = 64;
    /** wrk asks for a delay before each request, and once for a request before all: that one it only looks at. */
    private static final String SCRIPT = """
            local all, given = %d, 0
            local lines = io.open("%s")
            function delay()
              given = given + 1
              return given > all and 3600000 or 0
            end
            function request()
              if given == 0 then return wrk.format("POST") end
              local headers = {}
              local line = lines:read("*l")
              for name, value in line:gmatch("([%%w-]+): ([^\\t]*)\\t") do headers[name] = value end
              return wrk.format("POST", nil, headers, line:match("[^\\t]*$"))
            end
            """;

    private final List<String> command;

    Wrk(Tools tools) throws IOException, InterruptedException {
        command = tools.command("usr/bin/wrk", "wrk", "libluajit-5.1-2");
    }

    /**
     * Sends requests over {@value #CONNECTIONS} connections, from one thread.
     *
     * @param requests a line each: {@code name: value} of headers with a tab behind each, and the body
     */
    Child start(Path folder, int events, Path requests, int port, String path) throws IOException {
        Path script = Files.writeString(folder.resolve("wrk.lua"), SCRIPT.formatted(events, requests));
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("-t", "1", "-c", Integer.toString(CONNECTIONS), "-d", "600s", "-s", script.toString(),
                "http://127.0.0.1:" + port + path));
        return new Child(all, folder, folder.resolve("wrk.log"));
    }
}
