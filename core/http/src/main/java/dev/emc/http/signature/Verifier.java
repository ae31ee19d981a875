package dev.emc.http.signature;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks that a request comes from somebody who has a secret. Several secrets are valid at a time, so that they can be
 * changed without a gap. Comparisons take the same time whatever they find. Usable by several threads.
 */
public final class Verifier {

    private static final String AUTHORIZATION = "Authorization";
    /** More signatures than any sender's secrets: each costs a comparison. */
    private static final int MOST_SIGNATURES = 16;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private final Settings settings;
    private final List<byte[]> keys = new ArrayList<>();
    private final HmacSettings hmac;
    private final String basic;

    /**
     * What to check.
     *
     * @param secrets the secrets, tokens or keys of which any one will do
     * @param user for {@link Scheme#BASIC}
     * @param password for {@link Scheme#BASIC}
     * @param header the header of {@link Scheme#API_KEY}
     * @param tolerance how far the time in a signature may be from now; for the schemes that sign the time
     * @param hmac for {@link Scheme#HMAC}
     */
    public record Settings(Scheme scheme, List<String> secrets, String user, String password, String header,
            Duration tolerance, HmacSettings hmac) {

        /** A scheme that needs no more than its secrets, with five minutes of tolerance. */
        public static Settings of(Scheme scheme, String... secrets) {
            return new Settings(scheme, List.of(secrets), null, null, null, Duration.ofMinutes(5), null);
        }
    }

    /** @throws IllegalArgumentException when a secret isn't one of its scheme; the message doesn't repeat it */
    public Verifier(Settings settings) {
        this.settings = settings;
        this.hmac = settings.scheme() == Scheme.GITHUB ? HmacSettings.GITHUB : settings.hmac();
        for (String secret : settings.secrets()) {
            keys.add(settings.scheme().key(secret));
        }
        this.basic = settings.scheme() == Scheme.BASIC
                ? Macs.base64(Macs.utf8(settings.user() + ":" + settings.password()))
                : null;
    }

    /** Lets everything pass. */
    public static Verifier none() {
        return new Verifier(Settings.of(Scheme.NONE));
    }

    /** The value of {@code WWW-Authenticate} in an answer 401; null when the scheme has none. */
    public String challenge() {
        return switch (settings.scheme()) {
            case BASIC -> "Basic realm=\"events\", charset=\"UTF-8\"";
            case BEARER -> "Bearer";
            default -> null;
        };
    }

    /** Whether {@link #refusal} can be asked with the headers alone, before there is a body. */
    public boolean needsBody() {
        return settings.scheme().signs();
    }

    /**
     * Why a request is refused.
     *
     * @param body all of it; not looked at by schemes that need none
     * @return a clause for the caller, without any secret; null when the request is genuine
     */
    public String refusal(HttpHeaders headers, byte[] body, Instant now) {
        return switch (settings.scheme()) {
            case NONE -> null;
            case BASIC -> credentials(headers, "Basic ", List.of(Macs.utf8(basic)), "user and password");
            case BEARER -> credentials(headers, "Bearer ", keys, "token");
            case API_KEY -> apiKey(one(headers, settings.header()));
            case STRIPE -> stripe(one(headers, Scheme.STRIPE_HEADER), body, now);
            case SLACK -> slack(headers, body, now);
            case STANDARD_WEBHOOKS -> standardWebhooks(headers, body, now);
            case GITHUB, HMAC -> hmac(one(headers, hmac.header()), body);
        };
    }

    /** The value of a header that is there once; null otherwise: of two values nobody knows who would believe which. */
    private static String one(HttpHeaders headers, String name) {
        List<String> values = headers.allValues(name);
        return values.size() == 1 ? values.get(0).strip() : null;
    }

    private static String missing(String header) {
        return "the header " + header + " is missing, or there more than once";
    }

    private static String credentials(HttpHeaders headers, String scheme, List<byte[]> expected, String what) {
        String given = one(headers, AUTHORIZATION);
        if (given == null) {
            return missing(AUTHORIZATION);
        }
        if (!given.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return "the header " + AUTHORIZATION + " has no " + scheme + "credentials";
        }
        return any(expected, normal(scheme, given.substring(scheme.length()).strip())) ? null : "wrong " + what;
    }

    /** Base64 has more than one spelling of the same bytes: with and without the fill at its end. */
    private static String normal(String scheme, String credentials) {
        if (!scheme.startsWith("Basic")) {
            return credentials;
        }
        try {
            return Macs.base64(Base64.getDecoder().decode(credentials));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private String apiKey(String given) {
        if (given == null) {
            return missing(settings.header());
        }
        return any(keys, given) ? null : "wrong key in the header " + settings.header();
    }

    /** Compares with all of them, so that the time doesn't tell which one it is like. */
    private static boolean any(List<byte[]> expected, String given) {
        boolean found = false;
        for (byte[] one : expected) {
            found |= Macs.same(new String(one, StandardCharsets.UTF_8), given);
        }
        return found;
    }

    private String hmac(String given, byte[] body) {
        if (given == null) {
            return missing(hmac.header());
        }
        boolean hex = hmac.encoding() == HmacSettings.Encoding.HEX;
        String normal = hex ? given.toLowerCase(Locale.ROOT) : given;
        boolean found = false;
        for (byte[] key : keys) {
            String expected = hmac.signature(key, body);
            found |= Macs.same(hex ? expected.toLowerCase(Locale.ROOT) : expected, normal);
        }
        return found ? null : wrongSignature(hmac.header());
    }

    private static String wrongSignature(String header) {
        return "the signature in " + header + " is not that of this body and a known secret";
    }

    private String stripe(String given, byte[] body, Instant now) {
        if (given == null) {
            return missing(Scheme.STRIPE_HEADER);
        }
        String seconds = null;
        List<String> signatures = new ArrayList<>();
        for (String part : given.split(",", MOST_SIGNATURES + 1)) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length == 2 && pair[0].equals("t")) {
                seconds = pair[1];
            } else if (pair.length == 2 && pair[0].equals("v1")) {
                signatures.add(pair[1]);
            }
        }
        String late = untimely(seconds, Scheme.STRIPE_HEADER, now);
        if (late != null) {
            return late;
        }
        boolean found = false;
        for (byte[] key : keys) {
            String expected = Scheme.stripe(key, seconds, body);
            for (String signature : signatures) {
                found |= Macs.same(expected, signature);
            }
        }
        return found ? null : wrongSignature(Scheme.STRIPE_HEADER);
    }

    private String slack(HttpHeaders headers, byte[] body, Instant now) {
        String seconds = one(headers, Scheme.SLACK_TIMESTAMP);
        String given = one(headers, Scheme.SLACK_HEADER);
        if (seconds == null || given == null) {
            return missing(seconds == null ? Scheme.SLACK_TIMESTAMP : Scheme.SLACK_HEADER);
        }
        String late = untimely(seconds, Scheme.SLACK_TIMESTAMP, now);
        if (late != null) {
            return late;
        }
        boolean found = false;
        for (byte[] key : keys) {
            found |= Macs.same(Scheme.slack(key, seconds, body), given);
        }
        return found ? null : wrongSignature(Scheme.SLACK_HEADER);
    }

    private String standardWebhooks(HttpHeaders headers, byte[] body, Instant now) {
        String id = one(headers, Scheme.WEBHOOK_ID);
        String seconds = one(headers, Scheme.WEBHOOK_TIMESTAMP);
        String given = one(headers, Scheme.WEBHOOK_SIGNATURE);
        if (id == null || seconds == null || given == null) {
            return missing(id == null
                    ? Scheme.WEBHOOK_ID
                    : seconds == null ? Scheme.WEBHOOK_TIMESTAMP : Scheme.WEBHOOK_SIGNATURE);
        }
        String late = untimely(seconds, Scheme.WEBHOOK_TIMESTAMP, now);
        if (late != null) {
            return late;
        }
        boolean found = false;
        for (byte[] key : keys) {
            String expected = Scheme.standardWebhooks(key, id, seconds, body);
            for (String signature : given.split(" ", MOST_SIGNATURES + 1)) {
                found |= Macs.same(expected, signature);
            }
        }
        return found ? null : wrongSignature(Scheme.WEBHOOK_SIGNATURE);
    }

    /** Why a time isn't near enough to now; null when it is. */
    private String untimely(String seconds, String header, Instant now) {
        if (seconds == null || !SECONDS.matcher(seconds).matches()) {
            return "the header " + header + " has no time in seconds since 1970";
        }
        long off = now.getEpochSecond() - Long.parseLong(seconds);
        if (Math.abs(off) > settings.tolerance().toSeconds()) {
            return "the time in " + header + " is more than " + settings.tolerance().toSeconds() + " s "
                    + (off > 0 ? "ago" : "ahead");
        }
        return null;
    }
}
