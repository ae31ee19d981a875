package dev.emc.core.deployment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jboss.jandex.Index;
import org.jboss.jandex.MethodInfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

import dev.emc.api.Secret;
import dev.emc.api.UpstreamDefault;
import dev.emc.api.UpstreamIgnored;
import dev.emc.api.UpstreamKey;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.DescriptorJson;
import dev.emc.core.config.WorkerConfig;

/**
 * Makes a connector's {@link Descriptor} from its configuration interface. Documentation is the Javadoc, which the
 * annotation processor of Quarkus extensions leaves in each extension's jar.
 */
public final class DescriptorWriter {

    static final String JAVADOC = "META-INF/quarkus-config-doc/quarkus-config-javadoc.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClassLoader loader;
    private final Map<String, String> docs;

    /** @param loader finds the Javadoc of configuration interfaces, and the sample config files */
    public DescriptorWriter(ClassLoader loader) {
        this.loader = loader;
        this.docs = readDocs(loader);
    }

    byte[] json(Descriptor descriptor) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            DescriptorJson.write(descriptor, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return json.toByteArray();
    }

    /**
     * What a config file of a connector may hold, and nothing else of it.
     *
     * @param name such as {@code file-sink}
     */
    public Descriptor describeKeys(String name, Class<?> configClass) {
        int dash = name.lastIndexOf('-');
        return new Descriptor(name, name.substring(0, dash), name.substring(dash + 1), "", keys(configClass),
                ignored(configClass), List.of(), Descriptor.Guarantees.NONE, "");
    }

    /**
     * Describes a connector.
     *
     * @param all the connectors on the class path; those of the same system become siblings
     * @throws ConfigurationException when it lacks what its users have to know, or its sample is wrong
     */
    Descriptor describe(ConnectorBuildItem connector, List<ConnectorBuildItem> all) {
        List<Descriptor.Sibling> siblings = all.stream()
                .filter(other -> other != connector && other.system().equals(connector.system())).map(this::sibling).toList();
        return SampleReader.checked(new Descriptor(connector.name(), connector.system(), connector.role().word(),
                connector.summary(), keys(connector.configClass()), ignored(connector.configClass()), siblings,
                GuaranteesReader.read(connector.connectorClass()), SampleReader.read(connector.name(), loader)));
    }

    private List<Descriptor.Key> keys(Class<?> configClass) {
        List<Descriptor.Key> keys = new ArrayList<>();
        collect("", WorkerConfig.class, keys);
        collect("connector.", configClass, keys);
        return keys;
    }

    private static List<Descriptor.IgnoredKey> ignored(Class<?> configClass) {
        return Stream.of(WorkerConfig.class, configClass)
                .flatMap(type -> Arrays.stream(type.getAnnotationsByType(UpstreamIgnored.class)))
                .map(key -> new Descriptor.IgnoredKey(key.key(), key.because())).toList();
    }

    private Descriptor.Sibling sibling(ConnectorBuildItem connector) {
        List<Descriptor.Key> keys = new ArrayList<>();
        collect("connector.", connector.configClass(), keys);
        return new Descriptor.Sibling(connector.name(), keys.stream().map(Descriptor.Key::name).toList());
    }

    /** Keys that an interface inherits come first. */
    private void collect(String prefix, Class<?> type, List<Descriptor.Key> keys) {
        for (ConfigMappingInterface inherited : ConfigMappingInterface.getConfigurationInterface(type).getSuperTypes()) {
            collect(prefix, inherited.getInterfaceType(), keys);
        }
        for (Property property : declarationOrder(type)) {
            boolean isInherited = property.getMethod().getDeclaringClass() != type;
            if (isInherited || property.isDefaultMethod() || property.isToStringMethod()) {
                continue;
            }
            String name = prefix + property.getPropertyName(ConfigMapping.NamingStrategy.KEBAB_CASE);
            Optional<Class<?>> group = group(property);
            if (group.isPresent()) {
                collect(name + ".", group.get(), keys);
            } else {
                keys.add(key(name, property));
            }
        }
    }

    private static Optional<Class<?>> group(Property property) {
        Property inner = property.isOptional() ? property.asOptional().getNestedProperty() : property;
        return inner.isGroup() ? Optional.of(inner.asGroup().getGroupType().getInterfaceType()) : Optional.empty();
    }

    private Descriptor.Key key(String name, Property property) {
        Method method = property.getMethod();
        Type type = method.getGenericReturnType();
        boolean optional = raw(type) == Optional.class;
        if (optional) {
            type = argument(type, 0);
        }
        boolean list = raw(type) == List.class;
        boolean map = raw(type) == Map.class;
        Class<?> value = raw(list ? argument(type, 0) : map ? argument(type, 1) : type);
        if (map && value != String.class) {
            throw new ConfigurationException(method + ": a map of a connector's configuration has string values");
        }
        // the property of a list doesn't know its default
        WithDefault withDefault = method.getAnnotation(WithDefault.class);
        String defaultValue = withDefault == null ? null : withDefault.value();
        UpstreamKey upstream = method.getAnnotation(UpstreamKey.class);
        UpstreamDefault upstreamDefault = method.getAnnotation(UpstreamDefault.class);
        String doc = docs.get(method.getDeclaringClass().getCanonicalName() + "." + method.getName());
        if (doc == null || doc.isBlank()) {
            throw new ConfigurationException(method + " has no Javadoc, or its interface no @ConfigGroup");
        }
        return new Descriptor.Key(name, map ? Descriptor.KeyType.MAP : type(method, value),
                !optional && !map && defaultValue == null, defaultValue, doc.strip(),
                method.isAnnotationPresent(Secret.class), list, values(value),
                upstream == null ? List.of() : List.of(upstream.value()),
                upstreamDefault == null ? null : upstreamDefault.value());
    }

    private static Descriptor.KeyType type(Method method, Class<?> value) {
        if (value.isEnum()) {
            return Descriptor.KeyType.ENUM;
        }
        if (value == boolean.class || value == Boolean.class) {
            return Descriptor.KeyType.BOOLEAN;
        }
        if (value == int.class || value == Integer.class) {
            return Descriptor.KeyType.INTEGER;
        }
        if (value == long.class || value == Long.class) {
            return Descriptor.KeyType.LONG;
        }
        if (value == double.class || value == Double.class) {
            return Descriptor.KeyType.NUMBER;
        }
        if (value == Duration.class) {
            return Descriptor.KeyType.DURATION;
        }
        if (value == MemorySize.class) {
            return Descriptor.KeyType.SIZE;
        }
        if (value == Path.class) {
            return Descriptor.KeyType.PATH;
        }
        if (value == String.class || method.isAnnotationPresent(WithConverter.class)) {
            return Descriptor.KeyType.STRING;
        }
        throw new ConfigurationException(method + ": " + value.getName() + " is no type of a connector's configuration;"
                + " use a string, boolean, number, Duration, MemorySize, Path or enum");
    }

    private static List<String> values(Class<?> value) {
        return value.isEnum()
                ? Arrays.stream(value.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-')).toList()
                : List.of();
    }

    /** Reflection gives methods in any order; the class file has the order of the source. What is inherited comes first. */
    private static List<Property> declarationOrder(Class<?> type) {
        Map<String, Integer> order = new HashMap<>();
        number(type, order);
        return Arrays.stream(ConfigMappingInterface.getConfigurationInterface(type).getProperties())
                .sorted(Comparator.comparing(property -> order.getOrDefault(property.getMethod().getName(), -1))).toList();
    }

    private static void number(Class<?> type, Map<String, Integer> order) {
        for (Class<?> inherited : type.getInterfaces()) {
            number(inherited, order);
        }
        try {
            for (MethodInfo method : Index.of(type).getClassByName(type).methodsInDeclarationOrder()) {
                order.putIfAbsent(method.name(), order.size());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType parameterized ? (Class<?>) parameterized.getRawType() : (Class<?>) type;
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static Map<String, String> readDocs(ClassLoader loader) {
        Map<String, String> docs = new HashMap<>();
        try {
            Enumeration<java.net.URL> files = loader.getResources(JAVADOC);
            for (java.net.URL file : Collections.list(files)) {
                try (InputStream in = file.openStream()) {
                    for (Map.Entry<String, JsonNode> element : JSON.readTree(in).path("elements").properties()) {
                        docs.put(element.getKey(), element.getValue().path("description").asText());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not read the configuration's Javadoc", e);
        }
        return docs;
    }
}
