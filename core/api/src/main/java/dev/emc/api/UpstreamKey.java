package dev.emc.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the keys of EventMesh's own connector files that mean this configuration key, such as {@code connectorConfig.filePath}. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface UpstreamKey {

    /** Paths from the root of the file; {@code connectorConfig} stands for all spellings of that root key. */
    String[] value();
}
