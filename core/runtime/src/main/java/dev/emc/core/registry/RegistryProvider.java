package dev.emc.core.registry;

import dev.emc.core.engine.OffsetStore;
import dev.emc.core.engine.Registry;

/**
 * A kind of registry that an extension brings with it. Its bean is picked by {@link #type()} when the configuration names
 * that type; until then it must not connect, nor start a thread.
 */
public interface RegistryProvider {

    /** The value of {@code registry.type}, for example {@code redis}. */
    String type();

    /** A registry for one worker, not yet open. */
    Registry registry();

    /** The same store as an operator sees it. */
    OffsetStore offsets();
}
