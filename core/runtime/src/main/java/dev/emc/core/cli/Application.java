package dev.emc.core.cli;

import java.io.IOException;

import io.quarkus.runtime.annotations.QuarkusMain;

import dev.emc.core.config.Descriptor;
import dev.emc.core.config.DescriptorJson;
import dev.emc.core.config.Environment;

/** The main class of every connector: arguments and config file first, Quarkus only when there is something to run. */
@QuarkusMain
public final class Application {

    private Application() {}

    public static void main(String... args) throws IOException {
        // before all else: a worker that is told to stop while it starts ends in good order
        StopSignals.install();
        Descriptor descriptor = DescriptorJson.load(resources());
        if (descriptor == null) {
            throw new IllegalStateException(
                    Descriptor.RESOURCE + " is missing: this application was built without emc-core-deployment");
        }
        Environment environment = Environment.ofProcess();
        var cli = new Cli(descriptor, environment, Console.ofProcess(environment), new QuarkusLauncher());
        System.exit(cli.execute(args));
    }

    /** Where resources of the application are found. */
    static ClassLoader resources() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return loader == null ? Application.class.getClassLoader() : loader;
    }
}
