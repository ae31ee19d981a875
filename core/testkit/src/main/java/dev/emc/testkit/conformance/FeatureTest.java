package dev.emc.testkit.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;

import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** A test of something that not every outside system can do: without the feature in the driver's menu it isn't there. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(FeatureTest.Menu.class)
@interface FeatureTest {

    Feature value();

    /** Runs such a test once, or not at all. */
    final class Menu implements TestTemplateInvocationContextProvider {

        @Override
        public boolean supportsTestTemplate(ExtensionContext context) {
            return true;
        }

        @Override
        public boolean mayReturnZeroTestTemplateInvocationContexts(ExtensionContext context) {
            return true;
        }

        @Override
        public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
            Feature needed = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), FeatureTest.class)
                    .orElseThrow().value();
            var suite = (ConnectorConformance<?, ?>) context.getRequiredTestInstance();
            return suite.can(needed) ? Stream.of(new TestTemplateInvocationContext() {
            }) : Stream.empty();
        }
    }
}
