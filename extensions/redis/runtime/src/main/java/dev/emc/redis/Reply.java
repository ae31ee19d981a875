package dev.emc.redis;

import io.vertx.redis.client.Response;

/**
 * What the server said to one request.
 *
 * @param value the answer; null when it is nil, and when the server refused
 * @param refusal its error; null when there was none
 */
record Reply(Response value, Throwable refusal) {

    /** The first word of the server's error, such as {@code WRONGTYPE}; empty when there was none. */
    String code() {
        String text = refusal == null || refusal.getMessage() == null ? "" : refusal.getMessage();
        int end = text.indexOf(' ');
        return end < 0 ? text : text.substring(0, end);
    }

    boolean says(String words) {
        return refusal != null && refusal.getMessage() != null && refusal.getMessage().contains(words);
    }
}
