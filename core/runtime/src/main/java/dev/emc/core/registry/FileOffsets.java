package dev.emc.core.registry;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import dev.emc.api.ConnectorException;
import dev.emc.api.Position;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.OffsetStore;

/** The journals of {@link FileRegistry}, for an operator. */
public final class FileOffsets implements OffsetStore {

    private final Path dir;

    /** @param dir folder of the journals; it may be missing */
    public FileOffsets(Path dir) {
        this.dir = dir;
    }

    @Override
    public List<String> workers() throws ConnectorException {
        List<String> workers = new ArrayList<>();
        try (DirectoryStream<Path> journals = Files.newDirectoryStream(dir, "*" + Journal.SUFFIX)) {
            for (Path journal : journals) {
                workers.add(Journal.ownerOf(journal));
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException error) {
            throw FileErrors.of(dir, "can't be read", error);
        }
        Collections.sort(workers);
        return workers;
    }

    @Override
    public Optional<Content> read(String worker) throws ConnectorException {
        try {
            Path real = dir.toRealPath();
            Journal.Content content = Journal.read(Journal.of(real, worker), worker);
            return Optional
                    .of(new Content(List.copyOf(content.positions().values()), WorkerLock.holder(WorkerLock.of(real, worker))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException error) {
            throw FileErrors.of(dir, "can't be read", error);
        }
    }

    @Override
    public void replace(String worker, Collection<Position> positions, boolean force)
            throws ConnectorException, LeaseHeldException {
        try (FileRegistry registry = new FileRegistry(dir)) {
            registry.open(worker);
            registry.replace(positions);
        } catch (LeaseHeldException held) {
            throw force
                    ? new LeaseHeldException("worker '" + worker + "' is running (" + held.holder()
                            + "), and a registry of the type file can't be taken away from a running worker; stop it first",
                            held.holder(), held.after())
                    : held;
        }
    }

    @Override
    public String place() {
        return "the folder " + dir;
    }

    @Override
    public void close() {
        // nothing stays open
    }
}
