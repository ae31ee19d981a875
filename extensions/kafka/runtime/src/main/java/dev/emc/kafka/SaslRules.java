package dev.emc.kafka;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.emc.api.ConfigProblem;
import dev.emc.kafka.SaslSettings.Mechanism;

/** What can't work in the settings of a login. */
final class SaslRules {

    private final SaslSettings sasl;
    private final List<ConfigProblem> problems;
    /** Keys of one way to log in, and whether they are set. */
    private final Map<String, Boolean> password = new LinkedHashMap<>();
    private final Map<String, Boolean> token = new LinkedHashMap<>();

    private SaslRules(SaslSettings sasl, List<ConfigProblem> problems) {
        this.sasl = sasl;
        this.problems = problems;
        password.put("username", sasl.username().isPresent());
        password.put("password", sasl.password().isPresent());
        token.put("token-url", sasl.tokenUrl().isPresent());
        token.put("client-id", sasl.clientId().isPresent());
        token.put("client-secret", sasl.clientSecret().isPresent());
        token.put("scope", sasl.scope().isPresent());
        token.put("extensions", !sasl.extensions().isEmpty());
        token.put("token-ca", sasl.tokenCa().isPresent());
    }

    static void check(SaslSettings sasl, List<ConfigProblem> problems) {
        new SaslRules(sasl, problems).check();
    }

    private void check() {
        if (sasl.mechanism().isEmpty()) {
            if (password.containsValue(true)) {
                problem("mechanism", "is needed with a user name and password",
                        "set it to plain, scram-sha-256 or scram-sha-512");
            } else if (token.containsValue(true)) {
                problem("mechanism", "is needed with a token endpoint", "set it to oauthbearer");
            }
        } else if (sasl.mechanism().get() == Mechanism.OAUTHBEARER) {
            need(token, "token-url", "client-id", "client-secret");
            refuse(password, "log in with connector.sasl.client-id and connector.sasl.client-secret");
            sasl.tokenUrl().ifPresent(this::url);
            sasl.extensions().forEach(this::extension);
            if (sasl.tokenCa().isPresent() && !Files.isReadable(sasl.tokenCa().get())) {
                problem("token-ca", "there is no file " + sasl.tokenCa().get() + " that this user may read", null);
            }
        } else {
            need(password, "username", "password");
            refuse(token, "remove it, or set connector.sasl.mechanism to oauthbearer");
        }
    }

    private void problem(String key, String message, String suggestion) {
        problems.add(new ConfigProblem("sasl." + key, message, suggestion));
    }

    private String mechanism() {
        return "connector.sasl.mechanism: " + sasl.mechanism().orElseThrow().key();
    }

    private void need(Map<String, Boolean> set, String... keys) {
        for (String key : keys) {
            if (!set.get(key)) {
                problem(key, "is needed with " + mechanism(), null);
            }
        }
    }

    private void refuse(Map<String, Boolean> set, String suggestion) {
        set.forEach((key, present) -> {
            if (present) {
                problem(key, "has no effect with " + mechanism(), suggestion);
            }
        });
    }

    private void url(String text) {
        try {
            URI url = new URI(text);
            if (url.getHost() == null || !"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
                problem("token-url",
                        "expected an http or https URL, such as https://keycloak/realms/main/protocol/openid-connect/token",
                        null);
            } else if (url.getUserInfo() != null) {
                problem("token-url", "can't hold a user", "use connector.sasl.client-id and connector.sasl.client-secret");
            } else if (text.contains(",")) {
                problem("token-url", "can't hold a comma, which Kafka's client takes for the end of it", "write %2C");
            } else if (sasl.tokenCa().isPresent() && "http".equals(url.getScheme())) {
                problem("token-ca", "has no effect with an http URL",
                        "remove it, or let connector.sasl.token-url begin with https");
            }
        } catch (URISyntaxException wrong) {
            problem("token-url", "is no URL: " + wrong.getReason().toLowerCase() + " at character " + (wrong.getIndex() + 1),
                    null);
        }
    }

    private void extension(String name, String value) {
        if (!name.matches("[A-Za-z]+") || name.equals("auth")) {
            problem("extensions." + name, "can't be the name of an extension", "use letters only, and not auth");
        } else if (!value.matches("[\\x21-\\x7E \\t\\r\\n]+")) {
            problem("extensions." + name, "has a character that brokers don't take", "use visible ASCII characters");
        }
    }
}
