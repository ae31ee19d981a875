package dev.emc.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A package of Debian whose files a test uses without installing it. */
public final class DebianPackage {

    private DebianPackage() {}

    /**
     * Downloads a package and unpacks it.
     *
     * @param folder is created; it is the root that the package's paths begin at
     * @throws AssertionError when the package can't be had: a test that needs it fails
     */
    public static void unpack(String name, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        if (run(folder, "apt-get", "download", name) != 0) {
            // a fresh machine may have no lists of packages
            run(folder, "apt-get", "-q", "update");
            if (run(folder, "apt-get", "download", name) != 0) {
                throw new AssertionError("Debian's package " + name + " can't be downloaded: "
                        + Files.readString(log(folder)) + "; the test needs apt-get and its package sources");
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            Path archive = files.filter(file -> file.toString().endsWith(".deb")).findFirst().orElseThrow();
            if (run(folder, "dpkg-deb", "-x", archive.toString(), folder.toString()) != 0) {
                throw new AssertionError(archive + " can't be unpacked: " + Files.readString(log(folder)));
            }
        }
    }

    private static Path log(Path folder) {
        return folder.resolve("log.txt");
    }

    private static int run(Path folder, String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command)).directory(folder.toFile()).redirectErrorStream(true)
                    .redirectOutput(log(folder).toFile()).start();
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            return process.waitFor();
        } catch (IOException missing) {
            Files.writeString(log(folder), missing.getMessage(), StandardCharsets.UTF_8);
            return -1;
        }
    }
}
