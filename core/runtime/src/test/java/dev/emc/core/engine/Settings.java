package dev.emc.core.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings for tests: short delays; each test changes what it is about. */
final class Settings {

    int batchMaxRecords = 100;
    long batchMaxBytes = 4 << 20;
    Duration linger = Duration.ZERO;
    int inFlightMaxRecords = 1000;
    long inFlightMaxBytes = 32 << 20;
    Duration retryInitialDelay = Duration.ofMillis(1);
    Duration retryMaxDelay = Duration.ofMillis(20);
    Duration registryInterval = Duration.ofMillis(50);
    Duration connectTimeout = Duration.ofMillis(200);
    Duration shutdownTimeout = Duration.ofSeconds(20);
    boolean strict;
    int retryAttempts = WorkerSettings.FOREVER;
    WorkerSettings.OnError onError = WorkerSettings.OnError.DEAD_LETTER;
    int breakerFailures;
    int breakerWindow = 30;
    double recordsPerSecond = Double.POSITIVE_INFINITY;
    boolean standby;
    Duration untilIdle;

    WorkerSettings build() {
        return new WorkerSettings("test", List.of("topic"), batchMaxRecords, batchMaxBytes, linger, inFlightMaxRecords,
                inFlightMaxBytes, retryInitialDelay, retryMaxDelay, registryInterval, connectTimeout, shutdownTimeout, strict,
                retryAttempts, onError, breakerFailures, breakerWindow, recordsPerSecond, standby,
                Optional.ofNullable(untilIdle));
    }
}
