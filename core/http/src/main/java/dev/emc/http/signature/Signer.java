package dev.emc.http.signature;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Signs requests by one of the schemes that {@link Verifier} checks.
 *
 * @see Scheme
 */
public final class Signer {

    private final Scheme scheme;
    private final byte[] key;
    private final HmacSettings hmac;

    /** @param hmac how {@link Scheme#HMAC} signs; not looked at otherwise */
    public Signer(Scheme scheme, String secret, HmacSettings hmac) {
        if (!scheme.signs()) {
            throw new IllegalArgumentException(scheme + " signs nothing");
        }
        this.scheme = scheme;
        this.key = scheme.key(secret);
        this.hmac = scheme == Scheme.GITHUB ? HmacSettings.GITHUB : hmac;
    }

    /**
     * The headers that sign a request.
     *
     * @param id of the message, for the schemes that sign it
     */
    public Map<String, String> sign(String id, byte[] body, Instant now) {
        String seconds = Long.toString(now.getEpochSecond());
        Map<String, String> headers = new LinkedHashMap<>();
        switch (scheme) {
            case STRIPE -> headers.put(Scheme.STRIPE_HEADER,
                    "t=" + seconds + ",v1=" + Scheme.stripe(key, seconds, body));
            case SLACK -> {
                headers.put(Scheme.SLACK_TIMESTAMP, seconds);
                headers.put(Scheme.SLACK_HEADER, Scheme.slack(key, seconds, body));
            }
            case STANDARD_WEBHOOKS -> {
                headers.put(Scheme.WEBHOOK_ID, id);
                headers.put(Scheme.WEBHOOK_TIMESTAMP, seconds);
                headers.put(Scheme.WEBHOOK_SIGNATURE, Scheme.standardWebhooks(key, id, seconds, body));
            }
            default -> headers.put(hmac.header(), hmac.signature(key, body));
        }
        return headers;
    }
}
