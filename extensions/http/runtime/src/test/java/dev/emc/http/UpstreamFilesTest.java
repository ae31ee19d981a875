package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.emc.core.config.ConfigCheck;
import dev.emc.core.config.ConfigFile;
import dev.emc.core.config.Descriptor;
import dev.emc.core.config.Environment;
import dev.emc.core.config.Problem;
import dev.emc.core.config.Settings;
import dev.emc.core.deployment.DescriptorWriter;

/** The config files of EventMesh's own HTTP connectors are taken as they are. */
class UpstreamFilesTest {

    private static final Environment EMPTY = new Environment(Map.of(), Map.of());

    private static Settings check(String connector, Class<?> config, String yaml) {
        Descriptor descriptor = new DescriptorWriter(Thread.currentThread().getContextClassLoader()).describeKeys(connector,
                config);
        return ConfigCheck.check(descriptor, ConfigFile.parse("config.yml", yaml, EMPTY), List.of(), EMPTY);
    }

    private static String text(Settings settings) {
        return String.join("\n", settings.problems().stream().map(Problem::text).toList());
    }

    @Test
    void theSourcesFile() {
        Settings settings = check("http-source", HttpSourceConfig.class, """
                pubSubConfig:
                  meshAddress: 127.0.0.1:10000
                  subject: TopicTest
                  idc: FT
                  env: PRD
                  group: httpSource
                  appId: 5032
                  userName: httpSourceUser
                  passWord: httpPassWord
                connectorConfig:
                  connectorName: httpSource
                  path: /test
                  port: 3755
                  idleTimeout: 5000
                  maxFormAttributeSize: 1048576
                  maxStorageSize: 1000
                  batchSize: 10
                  protocol: GitHub
                  dataConsistencyEnabled: false
                  extraConfig:
                    secret: GitHubSecret
                    contentType: application/json
                offsetStorageConfig:
                  offsetStorageType: nacos
                pollConfig:
                  maxBatchSize: 10
                """);
        assertTrue(settings.isValid(), () -> text(settings));
        assertTrue(settings.problems().stream().allMatch(problem -> problem.severity() == Problem.Severity.NOTE),
                () -> text(settings));
        assertEquals("/test", settings.values().get("connector.path"));
        assertEquals("3755", settings.values().get("connector.port"));
        assertEquals("PT5S", settings.values().get("connector.server.idle-timeout"));
        assertEquals("1000", settings.values().get("connector.max-waiting"));
        assertEquals("github", settings.values().get("connector.protocol"));
        assertEquals("GitHubSecret", settings.values().get("connector.auth.secrets"));
    }

    @Test
    void theSinksFile() {
        Settings settings = check("http-sink", HttpSinkConfig.class, """
                pubSubConfig:
                  meshAddress: 127.0.0.1:10000
                  subject: TopicTest
                  idc: FT
                  env: PRD
                  group: httpSink
                  appId: 5032
                  userName: httpSinkUser
                  passWord: httpPassWord
                connectorConfig:
                  connectorName: httpSink
                  urls:
                    - http://127.0.0.1:8987/test
                    - http://127.0.0.1:8988/test?a=b
                  keepAlive: true
                  keepAliveTimeout: 60000
                  idleTimeout: 5000
                  connectionTimeout: 4000
                  maxConnectionPoolSize: 5
                  deliveryStrategy: BROADCAST
                  skipDeliverException: false
                  parallelized: true
                  parallelism: 3
                  retryConfig:
                    maxRetries: 2
                    interval: 1000
                    retryOnNonSuccess: false
                  webhookConfig:
                    activate: false
                    exportPath: /export
                    port: 8988
                    serverIdleTimeout: 5000
                    maxStorageSize: 5000
                """);
        assertTrue(settings.isValid(), () -> text(settings));
        assertTrue(settings.problems().stream().allMatch(problem -> problem.severity() == Problem.Severity.NOTE),
                () -> text(settings));
        assertEquals("http://127.0.0.1:8987/test,http://127.0.0.1:8988/test?a=b", settings.values().get("connector.urls"));
        assertEquals("broadcast", settings.values().get("connector.delivery"));
        assertEquals("3", settings.values().get("connector.parallel"));
        assertEquals("PT4S", settings.values().get("connector.http.connect-timeout"));
    }
}
