package dev.emc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.emc.testkit.DebianPackage;

/** Programs of the machine, or of Debian's packages where the machine doesn't have them. */
final class Tools {

    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";

    private final Path folder;

    /** @param folder for packages that are unpacked, and stay there */
    Tools(Path folder) {
        this.folder = folder;
    }

    /**
     * The command line of a program.
     *
     * @param path where Debian has it, without the leading slash
     * @param packages the program's own, and those of libraries that it needs
     */
    List<String> command(String path, String... packages) throws IOException, InterruptedException {
        Path installed = Path.of("/" + path);
        if (Files.isExecutable(installed)) {
            return List.of(installed.toString());
        }
        List<String> libraries = new ArrayList<>();
        for (String name : packages) {
            libraries.add(unpacked(name).resolve(LIBRARIES).toString());
        }
        return List.of("env", "LD_LIBRARY_PATH=" + String.join(":", libraries),
                unpacked(packages[0]).resolve(path).toString());
    }

    private Path unpacked(String name) throws IOException, InterruptedException {
        Path target = folder.resolve(name);
        if (!Files.exists(target.resolve("usr"))) {
            DebianPackage.unpack(name, target);
        }
        return target;
    }

    /** A command line that reads its input from a file. */
    static List<String> reading(Path file, List<String> command) {
        return shell("exec \"$@\" < \"$0\"", file, command);
    }

    /** A command line that writes its output to a file. */
    static List<String> writing(Path file, List<String> command) {
        return shell("exec \"$@\" > \"$0\"", file, command);
    }

    private static List<String> shell(String script, Path file, List<String> command) {
        return Stream.concat(Stream.of("sh", "-c", script, file.toString()), command.stream()).toList();
    }
}
