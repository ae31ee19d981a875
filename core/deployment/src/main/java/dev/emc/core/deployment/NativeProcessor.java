package dev.emc.core.deployment;

import java.util.Set;

import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.deployment.builditem.BytecodeTransformerBuildItem;
import io.quarkus.deployment.pkg.steps.NativeOrNativeSourcesBuild;

/** Takes out of executables what only an application in jars needs. */
@BuildSteps(onlyIf = NativeOrNativeSourcesBuild.class)
class NativeProcessor {

    /** Configuration is looked for in directories and in the executable: reading jars would need a file system of its own. */
    @BuildStep
    BytecodeTransformerBuildItem noConfigurationInJars() {
        return new BytecodeTransformerBuildItem.Builder()
                .setClassToTransform("io.smallrye.common.classloader.ClassPathUtils").setCacheable(true)
                .setVisitorFunction((name, next) -> new EmptyMethods(next, Set.of("processAsJarPath"), true)).build();
    }
}
