package dev.emc.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value that this configuration key has in a file of EventMesh's own shape that doesn't set it, where that is not
 * the key's own default: what upstream's connector does when it isn't told otherwise.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface UpstreamDefault {

    /** As written in a file. */
    String value();
}
