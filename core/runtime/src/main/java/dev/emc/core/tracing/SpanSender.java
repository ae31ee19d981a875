package dev.emc.core.tracing;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/** Sends spans by OTLP over HTTP. What can't be sent is lost, and a log line says so, at most one a minute. */
final class SpanSender implements SpanExporter {

    private static final org.jboss.logging.Logger LOG = org.jboss.logging.Logger.getLogger("dev.emc.tracing");
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The exporter's own logger, whose lines carry stack traces; kept here because loggers are held weakly. */
    private final Logger exporterLog = Logger.getLogger("io.opentelemetry.exporter.internal.http.HttpExporter");
    private final SpanExporter exporter;
    private final String endpoint;
    private long lost;
    private long toldAt;

    SpanSender(TracingSettings settings) {
        exporterLog.setLevel(Level.OFF);
        endpoint = settings.endpoint().toString();
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder().setEndpoint(endpoint)
                .setMeterProvider(MeterProvider.noop());
        settings.headers().forEach(builder::addHeader);
        exporter = builder.build();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> {
            if (!result.isSuccess()) {
                failed(count, result.getFailureThrowable());
            }
        });
        return result;
    }

    private synchronized void failed(int count, Throwable cause) {
        long now = System.nanoTime();
        boolean first = lost == 0;
        lost += count;
        if (first || now - toldAt >= QUIET_NANOS) {
            toldAt = now;
            LOG.warnf("spans can't be sent to %s (%s), %d are lost so far; tracing.endpoint has to be the collector's port for"
                    + " OTLP over HTTP, usually 4318", endpoint, reason(cause), lost);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return "it refused them";
        }
        if (cause.getMessage() != null) {
            return cause.getMessage();
        }
        return cause instanceof ConnectException || cause instanceof ClosedChannelException
                ? "can't be reached"
                : cause.getClass().getSimpleName();
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
