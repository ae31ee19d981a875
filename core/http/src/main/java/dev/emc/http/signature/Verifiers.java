package dev.emc.http.signature;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.emc.api.ConfigProblem;

/** Makes of {@link VerifyConfig} what it says, and finds what it lacks. */
public final class Verifiers {

    private Verifiers() {}

    /**
     * The check that the keys describe, with a scheme and secrets of another place perhaps.
     *
     * @throws IllegalArgumentException when {@link #check} would find something wrong
     */
    public static Verifier of(VerifyConfig config, Scheme scheme, List<String> secrets) {
        String header = config.header().orElse(scheme == Scheme.API_KEY ? "X-API-Key" : "X-Signature");
        return new Verifier(new Verifier.Settings(scheme, secrets, config.user().orElse(""), config.password().orElse(""),
                header, config.tolerance(),
                new HmacSettings(header, config.prefix().orElse(""), config.algorithm(), config.encoding())));
    }

    /** The check that the keys describe. */
    public static Verifier of(VerifyConfig config) {
        return of(config, config.scheme(), config.secrets().orElse(List.of()));
    }

    /** What is wrong with the keys. @param prefix where they stand, such as {@code auth} */
    public static List<ConfigProblem> check(String prefix, VerifyConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        if (config.scheme() == Scheme.BASIC) {
            if (config.user().isEmpty()) {
                problems.add(new ConfigProblem(prefix + ".user", "is needed for " + prefix + ".scheme basic"));
            }
            if (config.password().isEmpty()) {
                problems.add(new ConfigProblem(prefix + ".password", "is needed for " + prefix + ".scheme basic"));
            }
        }
        problems.addAll(check(prefix + ".secrets", config.scheme(), config.secrets().orElse(List.of())));
        return problems;
    }

    /** What is wrong with the secrets of a scheme. */
    public static List<ConfigProblem> check(String key, Scheme scheme, List<String> secrets) {
        List<ConfigProblem> problems = new ArrayList<>();
        if (scheme.needsSecret() && secrets.isEmpty()) {
            problems.add(new ConfigProblem(key, "is needed for the scheme "
                    + scheme.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        }
        if (!scheme.needsSecret() && !secrets.isEmpty()) {
            problems.add(new ConfigProblem(key, "has no effect without a scheme that uses secrets",
                    "set the scheme, for example github, or remove the secrets"));
        }
        for (String secret : secrets) {
            String wrong = scheme.problem(secret);
            if (wrong != null) {
                problems.add(new ConfigProblem(key, wrong));
            }
        }
        return problems;
    }
}
