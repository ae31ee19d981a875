package dev.emc.core.tracing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/**
 * Sends spans by OTLP over HTTP. What can't be sent is lost, and a log line says so, at most one a minute.
 *
 * <p>With the JDK's old HTTP client, which is in every executable that can check certificates: OpenTelemetry's own exporter and
 * the client it needs are a megabyte and a half more.
 */
final class SpanSender implements SpanExporter {

    private static final Logger LOG = Logger.getLogger("dev.emc.tracing");
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int TIMEOUT_MS = 10_000;
    /** What OTLP says to try again: too many requests, bad gateway, unavailable, gateway timeout. */
    private static final Set<Integer> FOR_NOW = Set.of(429, 502, 503, 504);
    private static final int ATTEMPTS = 5;
    private static final long FIRST_DELAY_MS = 1_000;
    private static final long MAX_DELAY_MS = 5_000;

    private final TracingSettings settings;
    private long lost;
    private long toldAt;

    SpanSender(TracingSettings settings) {
        this.settings = settings;
    }

    /** On the thread of the span processor, which does nothing else. */
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        try {
            send(TraceRequestMarshaler.create(spans));
            return CompletableResultCode.ofSuccess();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(spans.size(), "stopped meanwhile");
        } catch (IOException | RuntimeException e) {
            failed(spans.size(), reason(e));
        }
        return CompletableResultCode.ofFailure();
    }

    private void send(TraceRequestMarshaler spans) throws IOException, InterruptedException {
        int status = post(spans);
        long delay = FIRST_DELAY_MS;
        for (int attempt = 1; attempt < ATTEMPTS && FOR_NOW.contains(status); attempt++) {
            Thread.sleep(ThreadLocalRandom.current().nextLong(delay / 2, delay));
            delay = Math.min(2 * delay, MAX_DELAY_MS);
            status = post(spans);
        }
        if (status / 100 != 2) {
            throw new IOException("it answers with status " + status);
        }
    }

    private int post(TraceRequestMarshaler spans) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) settings.endpoint().toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/x-protobuf");
        connection.setRequestProperty("User-Agent", "emc");
        settings.headers().forEach(connection::setRequestProperty);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(spans.getBinarySerializedSize());
        try (OutputStream body = connection.getOutputStream()) {
            spans.writeBinaryTo(body);
        }
        int status = connection.getResponseCode();
        // read to its end, the connection is used again
        try (InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (answer != null) {
                answer.transferTo(OutputStream.nullOutputStream());
            }
        }
        return status;
    }

    private synchronized void failed(int count, String why) {
        long now = System.nanoTime();
        boolean first = lost == 0;
        lost += count;
        if (first || now - toldAt >= QUIET_NANOS) {
            toldAt = now;
            LOG.warnf("spans can't be sent to %s (%s), %d are lost so far; tracing.endpoint has to be the collector's port for"
                    + " OTLP over HTTP, usually 4318", settings.endpoint(), why, lost);
        }
    }

    private static String reason(Exception failure) {
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure instanceof ConnectException ? "can't be reached" : failure.getClass().getSimpleName();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
