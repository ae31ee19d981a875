package dev.emc.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The packaged programs of a checkout.
 *
 * @param root of the checkout
 * @param executables folder of the native ones
 */
record Artifacts(Path root, Path executables) {

    /** The command line of the native executable of {@code file-sink}, {@code mesh}, …; nothing when it isn't built. */
    Optional<List<String>> executable(String name) {
        return Optional.of(executables.resolve("emc-" + name)).filter(Files::isExecutable)
                .map(file -> List.of(file.toString()));
    }

    /** The command line of the jar, with options for its JVM; nothing when it isn't built. */
    Optional<List<String>> jar(String name, List<String> options) {
        return Optional.of(root.resolve(name.equals("mesh") ? "core/mesh-server" : "connectors/" + name)
                .resolve("target/quarkus-app/quarkus-run.jar")).filter(Files::exists)
                .map(jar -> Stream.of(List.of(Candidate.java()), options, List.of("-jar", jar.toString()))
                        .flatMap(List::stream).toList());
    }

    /** The command line of the native executable when it is there, else of the jar. */
    List<String> command(String name) {
        return executable(name).or(() -> jar(name, List.of())).orElseThrow(() -> new IllegalStateException(
                "emc-" + name + " is not built: neither its native executable nor its jar is there"));
    }

    /** Whether a command line is that of a native executable. */
    static boolean isNative(List<String> command) {
        return !command.contains("-jar");
    }

    /** What a program of emc says about itself, on one line. */
    static String version(List<String> command) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.add("version");
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().replaceAll("\\R", ", ");
    }
}
