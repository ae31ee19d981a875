package dev.emc.slack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.http.client.HttpSender;
import dev.emc.slack.SlackSinkConfig.Mode;

/** What {@code doctor} can see of Slack without posting anything. */
final class SlackSinkCheck {

    private final SlackSinkConfig config;
    private final SlackRequests requests;
    private final HttpSender sender;

    SlackSinkCheck(SlackSinkConfig config, SlackRequests requests, HttpSender sender) {
        this.config = config;
        this.requests = requests;
        this.sender = sender;
    }

    List<Check> check() throws InterruptedException {
        if (config.mode() == Mode.WEBHOOK) {
            return List.of(Check.passed("webhook", "is set; it isn't called, because each call posts a message"));
        }
        List<Check> checks = new ArrayList<>();
        try {
            SlackAnswer answer = SlackAnswer.of(requests.authTest(), sender.exchange(requests.authTest())).orThrow();
            checks.add(Check.passed("Slack", "the token is that of " + answer.field("/user") + " in " + answer.field("/team")));
            String scopes = answer.header("x-oauth-scopes");
            if (scopes != null) {
                String needed = config.mode() == Mode.FILE ? "files:write" : "chat:write";
                checks.add(scope(needed, scopes));
                if (config.username().isPresent() || config.iconEmoji().isPresent()) {
                    checks.add(scope("chat:write.customize", scopes));
                }
            }
        } catch (FatalException refused) {
            checks.add(Check.failed("Slack", refused.getMessage(), "look at connector.token"));
        } catch (ConnectorException away) {
            checks.add(Check.failed("Slack", away.getMessage(), "look at connector.url, at the network and at proxies"));
        }
        return checks;
    }

    private static Check scope(String needed, String scopes) {
        return Arrays.asList(scopes.split("\\s*,\\s*")).contains(needed)
                ? Check.passed("scope " + needed, "the app has it")
                : Check.failed("scope " + needed, "the app doesn't have it", "add it to the app and install it again");
    }
}
