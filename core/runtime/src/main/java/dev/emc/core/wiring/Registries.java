package dev.emc.core.wiring;

import java.util.List;
import java.util.Locale;

import jakarta.inject.Singleton;

import io.quarkus.arc.All;

import dev.emc.api.FatalException;
import dev.emc.core.config.WorkerConfig;
import dev.emc.core.config.WorkerConfig.RegistryStore.Type;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.Registry;
import dev.emc.core.registry.FileOffsets;
import dev.emc.core.registry.FileRegistry;
import dev.emc.core.registry.MemoryRegistry;
import dev.emc.core.registry.RegistryProvider;

/** The registry that the configuration names. */
@Singleton
public class Registries {

    private final WorkerConfig.RegistryStore config;
    private final List<RegistryProvider> providers;

    public Registries(WorkerConfig config, @All List<RegistryProvider> providers) {
        this.config = config.registry();
        this.providers = providers;
    }

    /**
     * The store of offsets; connects with its first method.
     *
     * @throws FatalException when there is none for this type, or this application can't use the type
     */
    public OffsetStore offsets() throws FatalException {
        return switch (config.type()) {
            case FILE -> new FileOffsets(config.path());
            case MEMORY -> throw new FatalException("the registry of the type memory keeps nothing when the worker ends; set"
                    + " registry.type to file or redis to look at offsets");
            case REDIS -> provider(Type.REDIS).offsets();
        };
    }

    /**
     * A registry for the worker, not yet open.
     *
     * @throws FatalException when this application can't use the type
     */
    public Registry registry() throws FatalException {
        return switch (config.type()) {
            case FILE -> new FileRegistry(config.path());
            case MEMORY -> new MemoryRegistry();
            case REDIS -> provider(Type.REDIS).registry();
        };
    }

    private RegistryProvider provider(Type type) throws FatalException {
        String name = type.name().toLowerCase(Locale.ROOT);
        for (RegistryProvider provider : providers) {
            if (provider.type().equals(name)) {
                return provider;
            }
        }
        throw new FatalException("this application was built without the registry of the type " + name
                + "; set registry.type to file, or add emc-registry-" + name + " to its dependencies");
    }
}
