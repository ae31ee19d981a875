package dev.emc.slack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.emc.api.ConfigProblem;
import dev.emc.http.client.Auths;
import dev.emc.http.client.Urls;
import dev.emc.kit.Template;
import dev.emc.kit.Tls;
import dev.emc.slack.SlackSinkConfig.Content;
import dev.emc.slack.SlackSinkConfig.Mode;

/** What the keys of the Slack sink must fulfil beyond their types. */
final class SlackSinkRules {

    private final SlackSinkConfig config;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private SlackSinkRules(SlackSinkConfig config) {
        this.config = config;
    }

    static List<ConfigProblem> check(SlackSinkConfig config) {
        SlackSinkRules rules = new SlackSinkRules(config);
        rules.where();
        rules.templates();
        rules.numbers();
        Urls.check("url", config.url()).ifPresent(rules.problems::add);
        rules.problems.addAll(Tls.check("tls", config.tls()));
        rules.problems.addAll(Auths.check("client", config.client()));
        return rules.problems;
    }

    private void where() {
        boolean webhook = config.mode() == Mode.WEBHOOK;
        if (webhook) {
            need("webhook-url", config.webhookUrl());
            config.webhookUrl().flatMap(url -> Urls.check("webhook-url", url)).ifPresent(problems::add);
            useless("token", config.token(), "a webhook has its own permission");
            useless("channel", config.channel(), "a webhook belongs to one channel");
            useless("update-ts", config.updateTs(), "a webhook changes no messages");
            useless("username", config.username(), "a webhook posts under its app's name");
            useless("icon-emoji", config.iconEmoji(), "a webhook posts under its app's name");
        } else {
            need("token", config.token());
            useless("webhook-url", config.webhookUrl(), "it is for connector.mode: webhook");
            if (config.mode() == Mode.FILE || config.content() == Content.TEMPLATE) {
                need("channel", config.channel());
            }
        }
        if (config.mode() == Mode.FILE) {
            useless("blocks", config.blocks(), "a file has no blocks");
            useless("update-ts", config.updateTs(), "files aren't changed");
        }
    }

    private void need(String key, Optional<String> value) {
        if (value.isEmpty()) {
            problems.add(new ConfigProblem(key, "is needed for the mode " + config.mode().name().toLowerCase()));
        }
    }

    private void useless(String key, Optional<String> value, String because) {
        if (value.isPresent()) {
            problems.add(new ConfigProblem(key, "has no effect: " + because, "remove it"));
        }
    }

    private void templates() {
        template("channel", config.channel());
        template("text", Optional.of(config.text()));
        template("blocks", config.blocks());
        template("thread-ts", config.threadTs());
        template("update-ts", config.updateTs());
        template("username", config.username());
        template("icon-emoji", config.iconEmoji());
        template("file-name", Optional.of(config.fileName()));
        template("file-title", config.fileTitle());
        if (config.blocks().isPresent() && config.blocks().get().strip().charAt(0) != '[') {
            problems.add(new ConfigProblem("blocks", "is no JSON array", "begin with [ as in Slack's Block Kit Builder"));
        }
    }

    private void template(String key, Optional<String> text) {
        text.ifPresent(template -> problems.addAll(Template.check(key, template)));
    }

    private void numbers() {
        if (config.parallel() < 1 || config.parallel() > 100) {
            problems.add(new ConfigProblem("parallel", "must be 1 to 100, not " + config.parallel()));
        }
        if (config.interval().isNegative()) {
            problems.add(new ConfigProblem("interval", "must not be negative"));
        }
    }
}
