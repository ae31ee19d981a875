package dev.emc.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;

class VertxProcessorTest {

    private static final Set<String> OURS = Set.of("quarkus-arc", "quarkus-smallrye-health", "quarkus-vertx-http");

    @Test
    void vertxIsNotNeededByTheExtensionsOfAPlainConnector() {
        assertFalse(VertxProcessor.isNeeded("3.27.2", OURS));
    }

    @Test
    void vertxIsNeededWhenAnUnknownExtensionIsThere() {
        assertTrue(VertxProcessor.isNeeded("3.27.2", Set.of("quarkus-arc", "quarkus-redis-client")));
    }

    @Test
    void whatUsesVertxOnDemandHasItsStartEmptiedInPlaceOfVertxItself() {
        var redis = new VertxOnDemandBuildItem("quarkus-redis-client", Map.of("x.Recorder", Set.of("start")));
        Map<String, Set<String>> emptied = VertxProcessor.emptied(List.of(redis));

        assertEquals(Set.of("start"), emptied.get("x.Recorder"));
        assertFalse(emptied.get("io.quarkus.vertx.core.runtime.VertxCoreRecorder").contains("configureVertx"));
        assertTrue(emptied.get("io.quarkus.vertx.http.runtime.VertxHttpRecorder").contains("startServer"));
    }

    @Test
    void withoutSuchAnExtensionVertxIsNotEvenConfigured() {
        assertTrue(VertxProcessor.emptied(List.of()).get("io.quarkus.vertx.core.runtime.VertxCoreRecorder")
                .contains("configureVertx"));
    }

    @Test
    void anotherQuarkusIsLeftAsItIs() {
        assertTrue(VertxProcessor.isNeeded("3.33.2", OURS));
    }

    @Test
    void anEmptiedMethodReturnsAnEmptyListNullOrZero() throws Exception {
        Class<?> emptied = emptied(Set.of("list", "text", "number", "wide", "nothing"));
        Object instance = emptied.getDeclaredConstructor().newInstance();

        assertEquals(List.of(), call(instance, "list"));
        assertNull(call(instance, "text"));
        assertEquals(0, call(instance, "number"));
        assertEquals(0L, call(instance, "wide"));
        assertNull(call(instance, "nothing"));
    }

    @Test
    void otherMethodsStay() throws Exception {
        Object instance = emptied(Set.of("number")).getDeclaredConstructor().newInstance();

        assertEquals("text", call(instance, "text"));
    }

    @Test
    void hiddenMethodsStayUnlessTheyAreMeant() throws Exception {
        Set<String> hidden = Set.of("hidden");

        assertEquals("hidden", call(emptied(hidden).getDeclaredConstructor().newInstance(), "visible"));
        Class<?> emptied = rewritten(next -> new EmptyMethods(next, hidden, true));
        assertNull(call(emptied.getDeclaredConstructor().newInstance(), "visible"));
    }

    /** What is emptied. */
    public static class Sample {

        public List<String> list() {
            return List.of("x");
        }

        public String text() {
            return "text";
        }

        public int number() {
            return 1;
        }

        public long wide() {
            return 1;
        }

        public String visible() {
            return hidden();
        }

        private static String hidden() {
            return "hidden";
        }

        public void nothing() {
            throw new IllegalStateException("called");
        }
    }

    private static Object call(Object instance, String name) throws Exception {
        Method method = instance.getClass().getMethod(name);
        return method.invoke(instance);
    }

    private static Class<?> emptied(Set<String> methods) throws IOException {
        return rewritten(next -> new EmptyMethods(next, methods));
    }

    private static Class<?> rewritten(UnaryOperator<ClassVisitor> visitor) throws IOException {
        try (InputStream bytes = Sample.class.getResourceAsStream("VertxProcessorTest$Sample.class")) {
            ClassReader reader = new ClassReader(bytes);
            ClassWriter writer = new ClassWriter(0);
            reader.accept(visitor.apply(writer), 0);
            byte[] code = writer.toByteArray();
            return new ClassLoader(VertxProcessorTest.class.getClassLoader()) {
                Class<?> define() {
                    return defineClass(Sample.class.getName(), code, 0, code.length);
                }
            }.define();
        }
    }
}
