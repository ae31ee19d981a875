package dev.emc.http.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

import dev.emc.api.ConfigProblem;

/** URLs in configuration files. */
public final class Urls {

    private Urls() {}

    /** What is wrong with a URL of HTTP; empty when nothing is. It isn't repeated: it may hold a token. */
    public static Optional<ConfigProblem> check(String key, String url) {
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null) {
                return Optional.of(new ConfigProblem(key, "is no URL of http:// or https:// with a host",
                        http || url.contains("://") ? null : "did you mean http:// and then the same?"));
            }
            if (uri.getRawUserInfo() != null) {
                return Optional
                        .of(new ConfigProblem(key, "has a user in it", "set auth.type: basic, auth.user, auth.password"));
            }
            if (uri.getRawFragment() != null) {
                return Optional.of(new ConfigProblem(key, "has a # in it: what follows is never sent", "write %23"));
            }
            return Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.of(new ConfigProblem(key, "is no URL: " + e.getReason().toLowerCase(Locale.ROOT)
                    + (e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1))));
        }
    }
}
