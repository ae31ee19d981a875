package dev.emc.core.deployment;

import java.util.Locale;

import io.quarkus.builder.item.MultiBuildItem;

import dev.emc.api.Sink;
import dev.emc.api.Source;

/** One connector that an extension on the class path offers. The application's {@code emc.connector} picks one. */
public final class ConnectorBuildItem extends MultiBuildItem {

    private final String system;
    private final Role role;
    private final Class<?> connectorClass;
    private final Class<?> configClass;
    private final String summary;

    /**
     * @param system lower case, for example {@code file}
     * @param connectorClass a {@link Source} or {@link Sink}, as the role says, with one constructor that takes the
     *            configuration (and any CDI beans)
     * @param configClass its {@code @ConfigMapping(prefix = "emc.connector") @ConfigGroup} interface
     * @param summary what it does, one sentence for {@code describe} and the catalogue
     */
    public ConnectorBuildItem(String system, Role role, Class<?> connectorClass, Class<?> configClass, String summary) {
        if (!role.type.isAssignableFrom(connectorClass)) {
            throw new IllegalArgumentException(connectorClass.getName() + " is no " + role.type.getName());
        }
        this.system = system;
        this.role = role;
        this.connectorClass = connectorClass;
        this.configClass = configClass;
        this.summary = summary;
    }

    /** As in the binary's name and in {@code emc.connector}: {@code file-sink}. */
    public String name() {
        return system + "-" + role.word();
    }

    public String system() {
        return system;
    }

    public Role role() {
        return role;
    }

    public Class<?> connectorClass() {
        return connectorClass;
    }

    public Class<?> configClass() {
        return configClass;
    }

    public String summary() {
        return summary;
    }

    /** The direction of a connector. */
    public enum Role {
        SOURCE(Source.class), SINK(Sink.class);

        private final Class<?> type;

        Role(Class<?> type) {
            this.type = type;
        }

        /** {@code source} or {@code sink}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
