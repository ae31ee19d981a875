package dev.emc.http.client;

import java.util.List;

/** The beginning of what a server says about a failure, fit for a message: one line, without secrets. */
public final class ErrorText {

    private static final int LONGEST = 200;

    private ErrorText() {}

    /** As in {@code : no such channel}; empty when it says nothing that can be read. */
    public static String of(Response response, List<String> secrets) {
        String type = response.header("Content-Type");
        if (type != null && (type.startsWith("text/html") || type.startsWith("image/") || type.startsWith("video/"))) {
            return "";
        }
        String text = redact(response.text(), secrets).replaceAll("[\\p{Cntrl}\\p{Space}\\uFFFD]+", " ").strip();
        if (text.isEmpty()) {
            return "";
        }
        return ": " + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
    }

    /** A text without these secrets. */
    public static String redact(String text, List<String> secrets) {
        String redacted = text;
        for (String secret : secrets) {
            if (secret != null && !secret.isEmpty()) {
                redacted = redacted.replace(secret, "***");
            }
        }
        return redacted;
    }
}
