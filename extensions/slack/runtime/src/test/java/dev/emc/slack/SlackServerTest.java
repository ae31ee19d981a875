package dev.emc.slack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.response.chat.ChatPostMessageResponse;
import com.slack.api.webhook.Payload;

/** The stand-in speaks with Slack's own SDK as Slack does, which the sink's tests rely on. */
class SlackServerTest {

    private SlackServer server;
    private Slack slack;
    private MethodsClient client;

    @BeforeEach
    void start() throws Exception {
        server = new SlackServer();
        server.addChannel("C1");
        SlackConfig config = new SlackConfig();
        config.setMethodsEndpointUrlPrefix(server.url() + "/");
        slack = Slack.getInstance(config);
        client = slack.methods(SlackServer.TOKEN);
    }

    @AfterEach
    void stop() throws Exception {
        slack.close();
        server.close();
    }

    @Test
    void postsAndUpdates() throws Exception {
        ChatPostMessageResponse posted = client.chatPostMessage(request -> request.channel("C1").text("hello"));
        assertTrue(posted.isOk(), posted.getError());
        assertTrue(client.chatUpdate(request -> request.channel("C1").ts(posted.getTs()).text("bye")).isOk());
        assertEquals("bye", server.messages("C1").get(0).text());
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertEquals("channel_not_found", client.chatPostMessage(request -> request.channel("C9").text("x")).getError());
        assertEquals("no_text", client.chatPostMessage(request -> request.channel("C1")).getError());
        assertEquals("invalid_auth", slack.methods("xoxb-17653672481-wrong").authTest(request -> request).getError());
    }

    @Test
    void takesFiles() throws Exception {
        byte[] content = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
        assertTrue(client.filesUploadV2(request -> request.channel("C1").filename("t.csv").title("Table").fileData(content))
                .getFiles() != null);
        assertEquals("t.csv", server.files().get(0).name());
        assertArrayEquals(content, server.files().get(0).content());
    }

    @Test
    void takesWebhooks() throws Exception {
        String url = "http://127.0.0.1:" + server.port() + SlackServer.WEBHOOK_PATH;
        assertEquals("ok", slack.send(url, Payload.builder().text("hi").build()).getBody());
        assertEquals("hi", server.messages("webhook").get(0).text());
    }
}
