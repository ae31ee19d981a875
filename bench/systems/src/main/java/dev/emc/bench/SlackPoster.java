package dev.emc.bench;

import java.nio.charset.StandardCharsets;

import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.methods.MethodsClient;

/** A loop over Slack's own SDK that posts a line a time and waits for the answer: {@code URL TOKEN CHANNEL EVENTS BYTES}. */
public final class SlackPoster {

    private SlackPoster() {}

    public static void main(String[] args) throws Exception {
        SlackConfig config = new SlackConfig();
        config.setMethodsEndpointUrlPrefix(args[0]);
        config.setPrettyResponseLoggingEnabled(false);
        int events = Integer.parseInt(args[3]);
        Payload payload = Payload.line(Integer.parseInt(args[4]));
        try (Slack slack = Slack.getInstance(config)) {
            MethodsClient client = slack.methods(args[1]);
            for (int number = 1; number <= events; number++) {
                String text = new String(payload.make().apply(number), StandardCharsets.US_ASCII);
                var answer = client.chatPostMessage(request -> request.channel(args[2]).text(text));
                if (!answer.isOk()) {
                    throw new IllegalStateException("Slack answered " + answer.getError());
                }
            }
        }
    }
}
