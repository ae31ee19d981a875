package dev.emc.core.deployment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The commit that a build was made from. */
final class GitCommit {

    private GitCommit() {}

    /** The short commit id of the checkout that a folder belongs to; {@code unknown} outside one. */
    static String of(Path folder) {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String commit = new String(git.getInputStream().readAllBytes()).strip();
            return git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0 ? commit : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
