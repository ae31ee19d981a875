package dev.emc.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On the class of each connector: what its users can rely on. The build carries it to {@code describe} and to the catalogue, and
 * fails without it. All texts are Markdown, keys in backticks.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Guarantees {

    /** What happens to a record when something breaks in between. */
    Delivery delivery();

    /** Where it is otherwise, a clause that names the key: {@code at most once with `connector.mode: pubsub`}. */
    String deliveryExcept() default "";

    /** In which order records arrive, one or two clauses. */
    String ordering();

    /** What becomes of a record that comes a second time, one or two clauses; for a source, what its event ids are made of. */
    String idempotency();

    /** Versions of the outside system that the tests run against, such as {@code Redis 6.2}. */
    String[] testedWith();

    /** What it can't do, and what users wouldn't expect: a short sentence each. */
    String[] limits() default {};

    /** How often a record arrives when something breaks. */
    enum Delivery {
        /** Never lost, perhaps twice. */
        AT_LEAST_ONCE,
        /** Never twice, perhaps lost. */
        AT_MOST_ONCE
    }
}
