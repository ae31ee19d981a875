package dev.emc.kafka;

import java.util.concurrent.TimeUnit;

/**
 * How the logins at a token endpoint have gone. Kafka gets new tokens in a thread of its own, and what others see of a failure is
 * that the brokers refuse an old token.
 */
final class LoginState {

    /** How long after the end of a failure an old token may still be refused somewhere. */
    private static final long AFTERMATH = TimeUnit.SECONDS.toNanos(30);

    private LoginFailure failure;
    private LoginFailure pending;
    private boolean everSucceeded;
    private boolean over;
    private long overSince;

    /** A token is asked for. */
    synchronized void begins(String endpoint) {
        pending = LoginFailure.silence(endpoint);
    }

    synchronized void succeeds() {
        pending = null;
        everSucceeded = true;
        over = true;
        overSince = System.nanoTime();
    }

    /** @return whether there was a token before */
    synchronized boolean fails(LoginFailure because) {
        pending = null;
        failure = because;
        over = false;
        return everSucceeded;
    }

    /** Whether tokens are used at all. */
    synchronized boolean isUsed() {
        return everSucceeded;
    }

    /** Why brokers may see an old token or none; null when there is no reason for that. */
    synchronized LoginFailure trouble() {
        if (pending != null && everSucceeded) {
            return pending;
        }
        if (failure == null || !over) {
            return failure;
        }
        return System.nanoTime() - overSince > AFTERMATH
                ? null
                : new LoginFailure(failure.endpoint(), failure.what(), failure.remedy(), false);
    }
}
