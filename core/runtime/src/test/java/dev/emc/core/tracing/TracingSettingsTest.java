package dev.emc.core.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.core.config.WorkerConfig;

class TracingSettingsTest {

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {"none, none, none, http://127.0.0.1:4318/v1/traces",
            "http://c:1, http://e:2, http://t:3/x, http://c:1/v1/traces", "http://c:1/, none, none, http://c:1/v1/traces",
            "http://c:1/otel/v1/traces, none, none, http://c:1/otel/v1/traces",
            "none, http://e:2, none, http://e:2/v1/traces", "none, http://e:2/otel/, none, http://e:2/otel/v1/traces",
            "none, http://e:2, http://t:3/x, http://t:3/x", "none, ' ', none, http://127.0.0.1:4318/v1/traces"})
    void theEndpointIsTheKeysElseTheVariables(String key, String variable, String exact, String expected) {
        Map<String, String> environment = new java.util.HashMap<>();
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", variable);
        environment.put("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", exact);

        assertEquals(expected, of(new Keys(key, null, Map.of()), environment).endpoint().toString());
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {"none, none, none, worker", "key, variable, attribute, key",
            "none, variable, attribute, variable", "none, none, attribute, attribute"})
    void theServiceHasTheNameOfTheKeyElseOfTheVariablesElseOfTheWorker(String key, String variable, String attribute,
            String expected) {
        Map<String, String> environment = new java.util.HashMap<>();
        environment.put("OTEL_SERVICE_NAME", variable);
        environment.put("OTEL_RESOURCE_ATTRIBUTES",
                attribute == null ? null : "deployment.environment=test,service.name=" + attribute);

        assertEquals(expected, of(new Keys(null, key, Map.of()), environment).resource().get("service.name"));
    }

    @Test
    void headersOfTheFileComeBeforeThoseOfTheVariable() {
        assertEquals(Map.of("authorization", "file", "tenant", "a=b"),
                of(new Keys(null, null, Map.of("authorization", "file")),
                        Map.of("OTEL_EXPORTER_OTLP_HEADERS", "authorization=variable, tenant=a=b")).headers());
    }

    private static TracingSettings of(Keys keys, Map<String, String> environment) {
        return TracingSettings.of(keys, "worker", environment::get);
    }

    private record Keys(String address, String service, Map<String, String> headers) implements WorkerConfig.Tracing {

        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public Optional<String> endpoint() {
            return Optional.ofNullable(address);
        }

        @Override
        public Optional<String> serviceName() {
            return Optional.ofNullable(service);
        }

        @Override
        public double sampling() {
            return 1;
        }

        @Override
        public int spansPerSecond() {
            return 100;
        }
    }
}
