package dev.emc.core.tracing;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.emc.core.config.WorkerConfig;

/**
 * What tracing has to know of the configuration and of OpenTelemetry's environment variables.
 *
 * @param endpoint where spans are sent to, with its path
 * @param headers of each request
 * @param resource what the spans are about: {@code service.name} and more
 * @param sampling which part of the traces is recorded, from 0 to 1
 * @param spansPerSecond how many spans are recorded at the most
 */
public record TracingSettings(URI endpoint, Map<String, String> headers, Map<String, String> resource, double sampling,
        int spansPerSecond) {

    private static final String DEFAULT_ENDPOINT = "http://127.0.0.1:4318";
    private static final String TRACES = "v1/traces";

    /**
     * Puts the settings together: a key of the configuration, else the environment variable, else the default.
     *
     * @param worker the worker's name, which is the service's when nothing else is said
     * @param environment gives the values of variables; null for those that are not set
     */
    public static TracingSettings of(WorkerConfig.Tracing config, String worker, UnaryOperator<String> environment) {
        Map<String, String> headers = list(environment.apply("OTEL_EXPORTER_OTLP_HEADERS"));
        headers.putAll(list(environment.apply("OTEL_EXPORTER_OTLP_TRACES_HEADERS")));
        headers.putAll(config.headers());
        Map<String, String> resource = list(environment.apply("OTEL_RESOURCE_ATTRIBUTES"));
        config.serviceName().or(() -> variable(environment, "OTEL_SERVICE_NAME"))
                .ifPresent(name -> resource.put("service.name", name));
        resource.putIfAbsent("service.name", worker);
        return new TracingSettings(endpoint(config.endpoint(), environment), headers, resource, config.sampling(),
                config.spansPerSecond());
    }

    private static URI endpoint(Optional<String> key, UnaryOperator<String> environment) {
        Optional<String> exact = variable(environment, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        if (key.isEmpty() && exact.isPresent()) {
            return URI.create(exact.get());
        }
        String base = key.or(() -> variable(environment, "OTEL_EXPORTER_OTLP_ENDPOINT")).orElse(DEFAULT_ENDPOINT);
        if (base.endsWith("/" + TRACES)) {
            return URI.create(base);
        }
        return URI.create(base + (base.endsWith("/") ? TRACES : "/" + TRACES));
    }

    private static Optional<String> variable(UnaryOperator<String> environment, String name) {
        return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isBlank());
    }

    /** What OpenTelemetry's variables say as {@code key=value,key=value}. */
    private static Map<String, String> list(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : Objects.requireNonNullElse(text, "").split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
            }
        }
        return pairs;
    }
}
