package dev.emc.core.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Json;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Tells what this executable is made of. */
final class VersionCommand extends Command {

    private static final String UNKNOWN = "unknown";

    VersionCommand() {
        super("version", "print the versions of connector, SDK and runtime");
    }

    @Override
    void options(CommandSpec spec) {
        // none of its own
    }

    @Override
    Result execute(ParseResult arguments, Invocation invocation) throws IOException {
        Properties build = build();
        String version = build.getProperty("version", UNKNOWN);
        String commit = build.getProperty("commit", UNKNOWN);
        String sdk = build.getProperty("sdk", UNKNOWN);
        String runtime = System.getProperty("org.graalvm.nativeimage.imagecode") == null ? "JVM" : "native";
        String java = System.getProperty("java.version");
        String text = invocation.program() + " " + version + " (commit " + commit + ")\nEventMesh SDK " + sdk + "\n" + runtime
                + ", Java " + java;
        return Result.ok(text, Json.object("connector", invocation.descriptor().name(), "version", version, "commit", commit,
                "sdk", sdk, "runtime", runtime, "java", java));
    }

    private static Properties build() throws IOException {
        var properties = new Properties();
        try (InputStream in = Application.resources().getResourceAsStream(Descriptor.VERSION_RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties;
    }
}
