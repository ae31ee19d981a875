package dev.emc.core.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.Source;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.OffsetStore.Content;
import dev.emc.core.mesh.MeshProbe;
import dev.emc.core.mesh.MeshSettings;
import dev.emc.core.observe.PortCheck;
import dev.emc.core.wiring.WorkerFactory;

/** What {@code doctor} looks at. */
final class Examination {

    private final Beans beans;
    private final WorkerConfig config;
    private final boolean source;

    Examination(Beans beans, Descriptor descriptor) {
        this.beans = beans;
        this.config = beans.config();
        this.source = descriptor.isSource();
    }

    List<Check> checks() throws InterruptedException {
        List<Check> checks = new ArrayList<>();
        MeshSettings mesh = WorkerFactory.mesh(config, beans.name());
        checks.add(MeshProbe.check(mesh, source));
        checks.addAll(connector());
        if (source) {
            checks.addAll(registry());
        }
        if (config.onError() == WorkerConfig.OnError.DEAD_LETTER) {
            checks.addAll(deadLetters(mesh));
        }
        checks.add(PortCheck.of(config.http(), beans.name()));
        return checks;
    }

    private List<Check> connector() throws InterruptedException {
        try {
            return beans.connector().check();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | Error e) {
            return List.of(Check.failed("connector", said(e), null));
        }
    }

    private List<Check> registry() throws InterruptedException {
        if (beans.connector() instanceof Source coordinated && coordinated.selfCoordinated()) {
            return List.of(Check.passed("registry", "not used: the outside system itself keeps the positions"));
        }
        if (config.registry().type() == WorkerConfig.RegistryStore.Type.MEMORY) {
            return List.of(Check.passed("registry", "in memory: after each start everything is read again"));
        }
        List<Check> checks = new ArrayList<>();
        try (OffsetStore store = beans.offsets()) {
            Optional<Content> content = store.read(beans.name());
            store.tryWriting(beans.name());
            checks.add(Check.passed("registry in " + store.place(), content(content)));
        } catch (ConnectorException e) {
            checks.add(Check.failed("registry", said(e), null));
        }
        if (config.registry().type() == WorkerConfig.RegistryStore.Type.FILE) {
            checks.add(folder("registry folder ", config.registry().path(), "registry.path"));
        }
        return checks;
    }

    private String content(Optional<Content> content) {
        if (content.isEmpty()) {
            return "nothing of worker " + beans.name() + " yet: it starts afresh";
        }
        int partitions = content.get().positions().size();
        return partitions + (partitions == 1 ? " partition" : " partitions") + " of worker " + beans.name() + "; "
                + content.get().holder().map(holder -> "it is running (" + holder + ")").orElse("nobody holds the lease");
    }

    private List<Check> deadLetters(MeshSettings mesh) throws InterruptedException {
        WorkerConfig.DeadLetterStore store = config.deadLetters();
        // also for what the mesh can't take
        Check folder = folder("dead letter folder ", store.path(), "dead-letters.path");
        if (store.type() == WorkerConfig.DeadLetterStore.Type.FILE) {
            return List.of(folder);
        }
        Check asPublisher = MeshProbe.check(mesh, true);
        return List.of(new Check("dead letter topic " + store.topic().orElse(""), asPublisher.passed(),
                "the mesh " + asPublisher.message(), asPublisher.remedy()), folder);
    }

    /** Whether files can be written in a folder, which is created when it is needed. */
    private static Check folder(String what, Path path, String key) {
        Path folder = path.toAbsolutePath().normalize();
        String subject = what + path;
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            return Check.failed(subject, there + " is a file, not a folder", "correct " + key);
        }
        if (!Files.isWritable(there)) {
            return Check.failed(subject,
                    "no permission to write in " + there + " for user '" + System.getProperty("user.name") + "'",
                    "change its rights, or " + key);
        }
        return Check.passed(subject, there.equals(folder) ? "can be written to" : "is not there yet and can be created");
    }

    private static String said(Throwable e) {
        String type = e.getClass().getSimpleName();
        return e.getMessage() == null ? type : e instanceof Error ? e.getMessage() + " (" + type + ")" : e.getMessage();
    }
}
