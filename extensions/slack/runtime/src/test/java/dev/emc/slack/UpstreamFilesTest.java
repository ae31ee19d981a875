package dev.emc.slack;

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

/** The config file of EventMesh's own Slack sink is taken as it is. */
class UpstreamFilesTest {

    private static final Environment EMPTY = new Environment(Map.of(), Map.of());

    @Test
    void theSinksFileIsTaken() {
        Descriptor descriptor = new DescriptorWriter(Thread.currentThread().getContextClassLoader())
                .describeKeys("slack-sink", SlackSinkConfig.class);
        Settings settings = ConfigCheck.check(descriptor, ConfigFile.parse("sink-config.yml", """
                pubSubConfig:
                  meshAddress: 127.0.0.1:10000
                  subject: TEST-TOPIC-SLACK
                  idc: FT
                  env: PRD
                  group: slackSink
                  appId: 5034
                  userName: slackSinkUser
                  passWord: slackPassWord
                sinkConnectorConfig:
                  connectorName: slackSink
                  appToken: slack-app-token
                  channelId: slack-channel-id
                """, EMPTY), List.of(), EMPTY);
        String problems = String.join("\n", settings.problems().stream().map(Problem::text).toList());
        assertTrue(settings.isValid(), problems);
        assertTrue(settings.problems().stream().allMatch(problem -> problem.severity() == Problem.Severity.NOTE), problems);
        assertEquals("slack-app-token", settings.values().get("connector.token"));
        assertEquals("slack-channel-id", settings.values().get("connector.channel"));
        assertEquals("TEST-TOPIC-SLACK", settings.values().get("mesh.topic"));
    }
}
