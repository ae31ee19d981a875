package dev.emc.core.deployment;

import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.nativeimage.NativeImageSystemPropertyBuildItem;

/** What the way to the mesh needs in a native executable. */
class MeshProcessor {

    /** Netty reads it while the image is built; a connection makes a group of its own and uses one thread of it. */
    @BuildStep
    NativeImageSystemPropertyBuildItem eventLoopThreads() {
        return new NativeImageSystemPropertyBuildItem("io.netty.eventLoopThreads", "1");
    }
}
