package dev.emc.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.emc.testkit.EmcProcess;

/**
 * Runs the commands of a script in a folder and writes down what they print, with everything taken out that differs from
 * run to run. A script has lines
 * <ul>
 * <li>{@code $ emc-file-sink …}: a command; {@code <id>} in it stands for the first id in the output before; words in
 * quotes are one argument; {@code | head N} keeps the first lines,</li>
 * <li>{@code $ emc-file-source … &}: starts it and waits until it runs; {@code $ stop} ends it, {@code $ wait} waits
 * until it has ended by itself,</li>
 * <li>{@code > …}: said to the reader,</li>
 * <li>and anything else: what the command before is to print; lines of standard error begin with {@code ! }.</li>
 * </ul>
 */
final class Transcript implements AutoCloseable {

    private static final Duration ENOUGH = Duration.ofSeconds(60);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern ID = Pattern.compile("\\b[0-9a-z]{11}-[0-9]+\\b");

    private final Path folder;
    private final Map<String, String> variables;
    private final List<String> lines = new ArrayList<>();
    private String id = "<id>";
    private EmcProcess background;

    /** @param variables of the environment of all commands */
    Transcript(Path folder, Map<String, String> variables) {
        this.folder = folder;
        this.variables = variables;
    }

    /** Runs the commands of a script; what it expects is passed over. */
    String of(List<String> script) throws Exception {
        for (String line : script) {
            if (line.startsWith("$ ") || line.startsWith("> ")) {
                if (!lines.isEmpty()) {
                    lines.add("");
                }
                lines.add(line);
            }
            if (line.equals("$ stop")) {
                lines.add("[exit " + background.terminate(ENOUGH) + "]");
            } else if (line.equals("$ wait")) {
                lines.add("[exit " + background.awaitExit(ENOUGH) + "]");
            } else if (line.startsWith("$ ")) {
                execute(line.substring(2));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private void execute(String line) throws Exception {
        int pipe = line.indexOf(" | head ");
        int most = pipe < 0 ? Integer.MAX_VALUE : Integer.parseInt(line.substring(pipe + 8).strip());
        List<String> words = words(pipe < 0 ? line : line.substring(0, pipe));
        String artifact = words.remove(0).substring("emc-".length());
        if (words.remove("&")) {
            background = EmcProcess.start(artifact, folder, variables, words.toArray(String[]::new));
            background.awaitOutput("is running", ENOUGH);
            return;
        }
        List<String> command = new ArrayList<>(EmcProcess.command(artifact));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<String> error = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
        if (!process.waitFor(ENOUGH.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(line + " does not end; it said: " + out.get() + error.get());
        }
        String output = out.get();
        Matcher found = ID.matcher(output);
        id = found.find() ? found.group() : id;
        List<String> said = normal(output).lines().toList();
        lines.addAll(said.subList(0, Math.min(most, said.size())));
        normal(error.get()).lines().map(text -> "! " + text).forEach(lines::add);
        lines.add("[exit " + process.exitValue() + "]");
    }

    private List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add((matcher.group(1) != null ? matcher.group(1) : matcher.group(2)).replace("<id>", id));
        }
        return words;
    }

    private static String read(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it looks like on any machine, at any time, on the JVM and native. */
    private String normal(String output) {
        return ID.matcher(output.replace(folder + "/", "").replace(folder.toString(), "<folder>")
                .replace(variables.get("EMC_MESH_ADDRESS"), "<mesh>")
                .replace(variables.getOrDefault("EMC_REGISTRY_REDIS_HOSTS", "<redis>"), "<redis>")).replaceAll("<id>")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z?", "<time>")
                .replaceAll("started in [0-9.]+ s", "started in <n> s")
                .replaceAll("in [0-9.]+ s \\([0-9,]+/s\\)", "in <n> s (<n>/s)")
                .replaceAll("\\bpid \\d+", "pid <pid>")
                .replaceAll("(running \\(|held by |running on )(?!pid)[^ );\"\n]+", "$1<holder>")
                .replaceAll("[0-9,]+ MB free", "<n> MB free")
                .replaceAll("disk of [^:\"]+", "disk of <disk>")
                .replaceAll("\\b[0-9a-f]{2,8}-[0-9]{3,}", "<inode>")
                .replaceAll("(ID|PARTITION|EVENT) {2,}", "$1  ")
                .replaceAll("(?m)^.* WARN  starting the .*\\n", "") // comes only when there is time for a second try
                .replaceAll(" at \\{[^}]*} \\{[^}]*}", " at <position>")
                .replaceAll("user '[^']+'", "user '<user>'")
                .replaceAll("\\(commit [^)]+\\)", "(commit <commit>)")
                .replaceAll("\"commit\": \"[^\"]+\"", "\"commit\": \"<commit>\"")
                .replaceAll("(?m)^(JVM|native), Java .*", "<runtime>, Java <java>")
                .replaceAll("\"runtime\": \"[^\"]+\"", "\"runtime\": \"<runtime>\"")
                .replaceAll("\"java\": \"[^\"]+\"", "\"java\": \"<java>\"");
    }

    @Override
    public void close() throws InterruptedException {
        if (background != null) {
            background.close();
        }
    }
}
