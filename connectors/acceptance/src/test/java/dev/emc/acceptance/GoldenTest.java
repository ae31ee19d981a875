package dev.emc.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.emc.testkit.EmbeddedMesh;
import dev.emc.testkit.EmcProcess;
import dev.emc.testkit.RedisServer;

/**
 * Every command says what its transcript in {@code src/test/resources/golden} says, a {@link Transcript} script with its
 * outcome. With {@code -Dgolden=update} the transcripts are written anew: look at the
 * difference then. {@code -Dgolden.only=offsets} takes only those whose names begin so.
 */
class GoldenTest {

    private static final Path GOLDEN = EmcProcess.root().resolve("connectors/acceptance/src/test/resources/golden");
    private static final boolean UPDATE = "update".equals(System.getProperty("golden"));

    @TempDir
    Path folder;

    static List<String> all() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".txt")).sorted().toList();
        }
    }

    static List<String> transcripts() throws IOException {
        return all().stream().filter(name -> name.startsWith(System.getProperty("golden.only", ""))).toList();
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void everyCommandSaysWhatItsTranscriptSays(String name) throws Exception {
        Path golden = GOLDEN.resolve(name);
        copyFiles();
        try (EmbeddedMesh mesh = EmbeddedMesh.start();
                RedisServer redis = name.contains("redis") ? RedisServer.inMemory() : null;
                Transcript transcript = new Transcript(folder, variables(mesh, redis))) {
            String actual = transcript.of(Files.readAllLines(golden));
            if (UPDATE) {
                Files.writeString(golden, actual);
            }
            assertEquals(Files.readString(golden), actual);
        }
    }

    private static Map<String, String> variables(EmbeddedMesh mesh, RedisServer redis) {
        Map<String, String> variables = new HashMap<>(Map.of("EMC_MESH_ADDRESS", mesh.address(), "EMC_HTTP_ENABLED", "false"));
        if (redis != null) {
            variables.putAll(Map.of("EMC_REGISTRY_TYPE", "redis", "EMC_REGISTRY_REDIS_HOSTS", redis.address()));
        }
        return variables;
    }

    /** The config files and data that the commands find in their folder. */
    private void copyFiles() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN.resolve("files"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void noCommandIsWithoutHelpSuccessFailureAndJson() throws Exception {
        String all = "";
        for (String name : all()) {
            all += Files.readString(GOLDEN.resolve(name));
        }
        for (String command : commands(all)) {
            String run = "(?m)^\\$ emc-\\S+ " + command + "\\b";
            assertTrue(Pattern.compile(run + ".* --help").matcher(all).find(), command + " --help");
            assertTrue(Pattern.compile(run + ".* --json").matcher(all).find(), command + " --json");
            assertTrue(Pattern.compile(run + "[^$]*?^\\[exit 0\\]$", Pattern.MULTILINE).matcher(all).find(), command + " well");
            assertTrue(Pattern.compile(run + "[^$]*?^\\[exit [123]\\]$", Pattern.MULTILINE).matcher(all).find(),
                    command + " badly");
        }
    }

    /** As {@code help --json} names them, the groups left out. */
    private static List<String> commands(String transcripts) {
        Matcher list = Pattern.compile("\"commands\": \\[ ([^]]+) ]").matcher(transcripts);
        assertTrue(list.find(), "no transcript of help --json");
        List<String> names = Stream.of(list.group(1).split(", ")).map(name -> name.replace("\"", "")).toList();
        return names.stream().filter(name -> names.stream().noneMatch(other -> other.startsWith(name + " "))).toList();
    }
}
