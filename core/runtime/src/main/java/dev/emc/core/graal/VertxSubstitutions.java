package dev.emc.core.graal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jboss.threads.ContextHandler;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

import io.netty.channel.EventLoopGroup;
import io.quarkus.runtime.ErrorPageAction;
import io.quarkus.runtime.IOThreadDetector;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.LiveReloadConfig;
import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.ShutdownContext;
import io.quarkus.runtime.logging.LogBuildTimeConfig;
import io.quarkus.tls.runtime.CertificateRecorder;
import io.quarkus.vertx.core.runtime.VertxCoreRecorder;
import io.quarkus.vertx.http.runtime.HandlerType;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.cors.CORSRecorder;
import io.quarkus.vertx.http.runtime.filters.Filter;
import io.quarkus.vertx.http.runtime.filters.GracefulShutdownFilter;
import io.quarkus.vertx.runtime.EventConsumerInfo;
import io.quarkus.vertx.runtime.VertxEventBusConsumerRecorder;
import io.quarkus.virtual.threads.VirtualThreadsRecorder;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The steps of Quarkus' start that set up Vert.x; here each does nothing, and what it hands on to the next is null. */
final class VertxSubstitutions {

    private VertxSubstitutions() {}
}

@TargetClass(VertxCoreRecorder.class)
final class TargetVertxCoreRecorder {

    @Substitute
    public Supplier<Vertx> configureVertx(LaunchMode mode, ShutdownContext shutdown,
            List<Consumer<VertxOptions>> customizers, ExecutorService executor) {
        return null;
    }

    @Substitute
    public Supplier<Integer> calculateEventLoopThreads() {
        return null;
    }

    @Substitute
    public Supplier<EventLoopGroup> bossSupplier() {
        return null;
    }

    @Substitute
    public Supplier<EventLoopGroup> mainSupplier() {
        return null;
    }

    @Substitute
    public ThreadFactory createThreadFactory(LaunchMode mode) {
        return null;
    }

    @Substitute
    public ContextHandler<Object> executionContextHandler(List<RuntimeValue<List<String>>> ignoredKeys) {
        return null;
    }

    @Substitute
    public void configureQuarkusLoggerFactory() {}

    @Substitute
    public IOThreadDetector detector() {
        return () -> false;
    }
}

@TargetClass(VertxHttpRecorder.class)
final class TargetVertxHttpRecorder {

    @Substitute
    public RuntimeValue<Router> initializeRouter(Supplier<Vertx> vertx) {
        return null;
    }

    @Substitute
    public RuntimeValue<io.vertx.mutiny.ext.web.Router> createMutinyRouter(RuntimeValue<Router> router) {
        return null;
    }

    @Substitute
    public void startServer(Supplier<Vertx> vertx, ShutdownContext shutdown, LaunchMode mode, boolean startVirtual,
            boolean startSocket, Supplier<Integer> ioThreads, List<String> websocketSubProtocols, boolean auxiliary,
            boolean disableWebSockets) {}

    @Substitute
    public void mountFrameworkRouter(RuntimeValue<Router> main, RuntimeValue<Router> framework, String path) {}

    @Substitute
    public void finalizeRouter(Consumer<Route> defaultRoute, List<Filter> filters, List<Filter> managementFilters,
            Supplier<Vertx> vertx, LiveReloadConfig liveReload, Optional<RuntimeValue<Router>> main,
            RuntimeValue<Router> router, RuntimeValue<io.vertx.mutiny.ext.web.Router> mutinyRouter,
            RuntimeValue<Router> frameworkRouter, RuntimeValue<Router> managementRouter, String rootPath,
            String nonRootPath, LaunchMode mode, BooleanSupplier[] conditions, Handler<RoutingContext> bodyHandler,
            GracefulShutdownFilter gracefulShutdown, Executor executor, LogBuildTimeConfig logging, String sources,
            List<String> knowClasses, List<ErrorPageAction> actions,
            Optional<RuntimeValue<SubmissionPublisher<String>>> publisher) {}

    @Substitute
    public void addRoute(RuntimeValue<Router> router, Function<Router, Route> route, Handler<RoutingContext> handler,
            HandlerType type) {}

    @Substitute
    public GracefulShutdownFilter createGracefulShutdownHandler() {
        return null;
    }

    @Substitute
    public Handler<RoutingContext> createBodyHandler() {
        return null;
    }
}

@TargetClass(VertxEventBusConsumerRecorder.class)
final class TargetVertxEventBusConsumerRecorder {

    @Substitute
    public void configureVertx(Supplier<Vertx> vertx, List<EventConsumerInfo> consumers, LaunchMode mode,
            ShutdownContext shutdown, Map<Class<?>, Class<?>> codecs, List<Class<?>> selectorTypes) {}

    @Substitute
    public RuntimeValue<Vertx> forceStart(Supplier<Vertx> vertx) {
        return null;
    }
}

@TargetClass(CORSRecorder.class)
final class TargetCorsRecorder {

    @Substitute
    public Handler<RoutingContext> corsHandler() {
        return null;
    }
}

@TargetClass(CertificateRecorder.class)
final class TargetCertificateRecorder {

    @Substitute
    public void validateCertificates(Set<String> names, RuntimeValue<Vertx> vertx, ShutdownContext shutdown) {}
}

@TargetClass(VirtualThreadsRecorder.class)
final class TargetVirtualThreadsRecorder {

    @Substitute
    public void setupVirtualThreads(ShutdownContext shutdown, LaunchMode mode) {}
}
