package dev.emc.kafka.deployment;

import java.util.ArrayList;
import java.util.List;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.nativeimage.ExcludeConfigBuildItem;
import io.quarkus.deployment.builditem.nativeimage.JniRuntimeAccessBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourceBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourcePatternsBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.RuntimeInitializedClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.RuntimeInitializedPackageBuildItem;

/**
 * Compression in native executables. LZ4 is in Java there; Snappy and Zstandard are libraries in C, which are in the executable
 * and are unpacked into the temporary folder when the first record needs them, not at the start.
 */
class CompressionProcessor {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    /** Whatever these packages do at their start has to happen where they run. */
    @BuildStep
    void initialisation(BuildProducer<RuntimeInitializedPackageBuildItem> packages,
            BuildProducer<RuntimeInitializedClassBuildItem> classes) {
        for (String name : List.of("org.xerial.snappy", "com.github.luben.zstd", "com.github.luben.zstd.util",
                "net.jpountz.lz4",
                "net.jpountz.xxhash", "net.jpountz.util")) {
            packages.produce(new RuntimeInitializedPackageBuildItem(name));
        }
        classes.produce(new RuntimeInitializedClassBuildItem("org.apache.kafka.common.compress.Lz4BlockInputStream"));
    }

    /** The LZ4 library looks for its variants by name; that in Java is the one that needs nothing else. */
    @BuildStep
    ReflectiveClassBuildItem lz4() {
        List<String> variants = new ArrayList<>(List.of("lz4.LZ4JavaSafeCompressor", "lz4.LZ4JavaSafeFastDecompressor",
                "lz4.LZ4JavaSafeSafeDecompressor", "lz4.LZ4HCJavaSafeCompressor", "xxhash.XXHash32JavaSafe",
                "xxhash.XXHash64JavaSafe", "xxhash.StreamingXXHash32JavaSafe$Factory",
                "xxhash.StreamingXXHash64JavaSafe$Factory"));
        variants.replaceAll(name -> "net.jpountz." + name);
        return ReflectiveClassBuildItem.builder(variants.toArray(new String[0])).constructors().fields().build();
    }

    @BuildStep
    void zstd(BuildProducer<NativeImageResourcePatternsBuildItem> resources, BuildProducer<JniRuntimeAccessBuildItem> jni) {
        resources.produce(NativeImageResourcePatternsBuildItem.builder()
                .includeGlob("linux/" + (ARM ? "aarch64" : "amd64") + "/libzstd-jni-*.so").build());
        jni.produce(new JniRuntimeAccessBuildItem(true, true, true, "com.github.luben.zstd.ZstdInputStreamNoFinalizer",
                "com.github.luben.zstd.ZstdOutputStreamNoFinalizer"));
    }

    @BuildStep
    void snappy(BuildProducer<NativeImageResourceBuildItem> resources, BuildProducer<JniRuntimeAccessBuildItem> jni,
            BuildProducer<ExcludeConfigBuildItem> excluded) {
        // it would put the libraries for all machines there are into the executable
        excluded.produce(new ExcludeConfigBuildItem("org\\.xerial\\.snappy.*",
                "/META-INF/native-image/org\\.xerial\\.snappy/snappy-java/resource-config\\.json"));
        resources.produce(new NativeImageResourceBuildItem(
                "org/xerial/snappy/native/Linux/" + (ARM ? "aarch64" : "x86_64") + "/libsnappyjava.so",
                "org/xerial/snappy/VERSION"));
        jni.produce(new JniRuntimeAccessBuildItem(true, true, true, "org.xerial.snappy.SnappyNative"));
    }
}
