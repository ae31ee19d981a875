package dev.emc.slack;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.http.client.Request;
import dev.emc.http.client.Response;
import dev.emc.http.client.RetryAfter;
import dev.emc.kit.JsonText;

/**
 * What Slack answers: the Web API says {@code ok} or the name of an error in JSON, mostly with status 200; a webhook says it with
 * the status and a word.
 */
final class SlackAnswer {

    /** It is Slack, or too much at once: later it works. */
    private static final Set<String> LATER = Set.of("ratelimited", "rate_limited", "message_limit_exceeded",
            "service_unavailable",
            "internal_error", "fatal_error", "request_timeout", "team_added_to_org", "accesslimited", "rollup_error");
    /** It is the token or the workspace: no message will be taken. */
    private static final Set<String> NEVER = Set.of("not_authed", "invalid_auth", "account_inactive", "token_revoked",
            "token_expired", "no_permission", "missing_scope", "not_allowed_token_type", "org_login_required",
            "two_factor_setup_required", "access_denied", "ekm_access_denied", "enterprise_is_restricted", "invalid_token",
            "no_service", "no_service_id", "no_team", "action_prohibited", "posting_to_general_channel_denied");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]{3,60}");
    private static final Duration UNSAID = Duration.ofSeconds(30);

    private final Request request;
    private final Response response;

    private SlackAnswer(Request request, Response response) {
        this.request = request;
        this.response = response;
    }

    /** An answer of the Web API. */
    static SlackAnswer of(Request request, Response response) {
        return new SlackAnswer(request, response);
    }

    /** What an answer of the Web API means; null when the request was taken. */
    static ConnectorException error(Request request, Response response) {
        SlackAnswer answer = of(request, response);
        return response.isSuccess() && "true".equals(answer.field("/ok")) ? null : answer.error();
    }

    /** What an answer of a webhook or of the place for files means; null when the request was taken. */
    static ConnectorException plainError(Request request, Response response) {
        return response.isSuccess() ? null : of(request, response).error();
    }

    /** The text of a field of the answer, such as {@code /ts}; null when there is none. */
    String field(String pointer) {
        try {
            return JsonText.textAt(JsonPointer.compile(pointer), response.body(), "");
        } catch (PermanentException noJson) {
            return null;
        }
    }

    /** The value of a header; null when there is none. */
    String header(String name) {
        return response.header(name);
    }

    SlackAnswer orThrow() throws ConnectorException {
        ConnectorException error = error(request, response);
        if (error != null) {
            throw error;
        }
        return this;
    }

    private ConnectorException error() {
        if (response.status() == 429) {
            return RetryableException.throttled("Slack takes no more for now (429)",
                    RetryAfter.of(response).orElse(UNSAID));
        }
        String name = name();
        String says = request.label() + ": Slack says " + (name.isEmpty() ? response.status() : name);
        if (response.status() >= 500 || LATER.contains(name)) {
            return new RetryableException(says, null, RetryAfter.of(response).orElse(null));
        }
        if (NEVER.contains(name) || response.status() == 401 || response.status() == 403) {
            return new FatalException(says + remedy(name));
        }
        return response.isSuccess() && name.isEmpty()
                ? new RetryableException(says + ", but in no way that Slack answers; look at connector.url and at proxies")
                : new PermanentException(says + messages());
    }

    /** The name of the error; empty when Slack doesn't say one. */
    private String name() {
        String error = field("/error");
        if (error == null && WORD.matcher(response.text().strip()).matches()) {
            error = response.text().strip(); // of a webhook, which calls it HTML
        }
        return error == null ? "" : error.toLowerCase(Locale.ROOT);
    }

    private String messages() {
        String first = field("/response_metadata/messages/0");
        return first == null ? "" : " (" + first + ")";
    }

    private String remedy(String name) {
        return switch (name) {
            case "missing_scope" -> " (needed: " + field("/needed") + "); add the scope to the app and install it again";
            case "no_service", "no_service_id", "no_team", "invalid_token" -> "; the webhook is gone: make a new one and set"
                    + " connector.webhook-url";
            case "not_authed", "invalid_auth", "token_revoked", "token_expired", "account_inactive" ->
                "; set connector.token to"
                        + " a token of an app that is installed";
            default -> "; ask the workspace's administrators";
        };
    }
}
