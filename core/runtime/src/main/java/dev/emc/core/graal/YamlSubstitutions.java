package dev.emc.core.graal;

import java.util.List;

import org.eclipse.microprofile.config.spi.ConfigSource;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

/** The user's file is named on the command line; nobody has to search for an {@code application.yaml}. */
final class YamlSubstitutions {

    private YamlSubstitutions() {}
}

@TargetClass(className = "io.smallrye.config.source.yaml.YamlConfigSourceLoader$InClassPath")
final class TargetYamlInClassPath {

    @Substitute
    public List<ConfigSource> getConfigSources(ClassLoader classLoader) {
        return List.of();
    }
}

@TargetClass(className = "io.smallrye.config.source.yaml.YamlConfigSourceLoader$InFileSystem")
final class TargetYamlInFileSystem {

    @Substitute
    public List<ConfigSource> getConfigSources(ClassLoader classLoader) {
        return List.of();
    }
}
