package dev.emc.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a configuration interface: a key of EventMesh's own connector files that is accepted and has no effect. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(UpstreamIgnored.List.class)
public @interface UpstreamIgnored {

    /** Path from the root of the file, such as {@code flushSize}. */
    String key();

    /** Why it has no effect, or what to use instead: one clause for the user. */
    String because();

    /** The container of repeated annotations. */
    @Documented
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @interface List {
        UpstreamIgnored[] value();
    }
}
