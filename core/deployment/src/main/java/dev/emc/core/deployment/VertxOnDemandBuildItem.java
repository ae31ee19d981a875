package dev.emc.core.deployment;

import java.util.Map;
import java.util.Set;

import io.quarkus.builder.item.MultiBuildItem;

/**
 * An extension of Quarkus whose use of Vert.x can wait until one of our extensions asks for it: Vert.x' bean is there, and
 * starts when it is injected.
 */
public final class VertxOnDemandBuildItem extends MultiBuildItem {

    private final String extension;
    private final Map<String, Set<String>> emptied;

    /**
     * @param extension its artifact's name, for example {@code quarkus-redis-client}
     * @param emptied public methods, by class, that have to do nothing so that Vert.x doesn't start with the application
     */
    public VertxOnDemandBuildItem(String extension, Map<String, Set<String>> emptied) {
        this.extension = extension;
        this.emptied = emptied;
    }

    String extension() {
        return extension;
    }

    Map<String, Set<String>> emptied() {
        return emptied;
    }
}
