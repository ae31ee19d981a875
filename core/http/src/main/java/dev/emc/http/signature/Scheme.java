package dev.emc.http.signature;

import java.util.Base64;

/** How a sender shows that it is who it says it is. */
public enum Scheme {

    /** Not at all. */
    NONE,
    /** User and password. */
    BASIC,
    /** A token in {@code Authorization: Bearer}. */
    BEARER,
    /** A token in a header of one's own choice. */
    API_KEY,
    /** {@code X-Hub-Signature-256: sha256=<hex of the body's HMAC>}. */
    GITHUB,
    /** {@code Stripe-Signature: t=<seconds>,v1=<hex of the HMAC of time and body>}. */
    STRIPE,
    /** {@code X-Slack-Signature: v0=<hex of the HMAC of time and body>}. */
    SLACK,
    /** {@code webhook-id}, {@code webhook-timestamp}, {@code webhook-signature: v1,<base64>}: standardwebhooks.com. */
    STANDARD_WEBHOOKS,
    /** An HMAC of the body in a header, as {@link HmacSettings} say. */
    HMAC;

    static final String STRIPE_HEADER = "Stripe-Signature";
    static final String SLACK_HEADER = "X-Slack-Signature";
    static final String SLACK_TIMESTAMP = "X-Slack-Request-Timestamp";
    static final String WEBHOOK_ID = "webhook-id";
    static final String WEBHOOK_TIMESTAMP = "webhook-timestamp";
    static final String WEBHOOK_SIGNATURE = "webhook-signature";
    private static final String WEBHOOK_SECRET = "whsec_";

    /** Whether it signs the body with a secret. */
    public boolean signs() {
        return ordinal() >= GITHUB.ordinal();
    }

    /** Whether it needs secrets or tokens. */
    public boolean needsSecret() {
        return this == BEARER || this == API_KEY || signs();
    }

    /**
     * The bytes that a secret stands for.
     *
     * @throws IllegalArgumentException when it isn't one of this scheme; the message doesn't repeat it
     */
    byte[] key(String secret) {
        if (this != STANDARD_WEBHOOKS) {
            return Macs.utf8(secret);
        }
        String base64 = secret.startsWith(WEBHOOK_SECRET) ? secret.substring(WEBHOOK_SECRET.length()) : secret;
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a secret of Standard Webhooks is base64, mostly with whsec_ before it");
        }
    }

    /**
     * What is wrong with a secret of this scheme; null when nothing is.
     *
     * @return a clause without the secret
     */
    public String problem(String secret) {
        if (secret.isBlank()) {
            return "must not be empty";
        }
        try {
            key(secret);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    static String stripe(byte[] key, String seconds, byte[] body) {
        return Macs.hex(Macs.mac(HmacSettings.Algorithm.SHA256, key, Macs.utf8(seconds + "."), body));
    }

    static String slack(byte[] key, String seconds, byte[] body) {
        return "v0=" + Macs.hex(Macs.mac(HmacSettings.Algorithm.SHA256, key, Macs.utf8("v0:" + seconds + ":"), body));
    }

    static String standardWebhooks(byte[] key, String id, String seconds, byte[] body) {
        return "v1," + Macs.base64(
                Macs.mac(HmacSettings.Algorithm.SHA256, key, Macs.utf8(id + "." + seconds + "."), body));
    }
}
