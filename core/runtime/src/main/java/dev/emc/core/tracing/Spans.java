package dev.emc.core.tracing;

import java.util.concurrent.TimeUnit;

import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.SourceRecord;

/**
 * Makes the spans of records, and sends them in the background. The trace of a record is that of its CloudEvents extensions
 * {@code traceparent} and {@code tracestate}; a record that has none begins one.
 */
final class Spans implements AutoCloseable {

    private static final String PARENT = "traceparent";
    private static final long SHUTDOWN_SECONDS = 5;
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<ConnectorRecord> EXTENSIONS = new TextMapGetter<>() {

        @Override
        public Iterable<String> keys(ConnectorRecord record) {
            return record.attributes().keySet();
        }

        @Override
        public String get(ConnectorRecord record, String name) {
            return record == null ? null : record.attribute(name);
        }
    };

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    Spans(TracingSettings settings, SpanExporter exporter) {
        AttributesBuilder resource = io.opentelemetry.api.common.Attributes.builder();
        settings.resource().forEach(resource::put);
        Sampler limited = new SpanLimit(Sampler.traceIdRatioBased(settings.sampling()), settings.spansPerSecond(),
                System::nanoTime);
        provider = SdkTracerProvider.builder().setResource(Resource.getDefault().merge(Resource.create(resource.build())))
                .setSampler(Sampler.parentBasedBuilder(limited)
                        .setRemoteParentSampled(new SpanLimit(Sampler.alwaysOn(), settings.spansPerSecond(), System::nanoTime))
                        .build())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).setMeterProvider(
                        io.opentelemetry.api.metrics.MeterProvider.noop()).build())
                .build();
        tracer = provider.get("dev.emc");
    }

    /** Begins the span of a record; it records only when it is sampled. */
    Span begin(ConnectorRecord record, String operation, SpanKind kind, String topic) {
        Span span = tracer.spanBuilder(operation + " " + topic).setSpanKind(kind)
                .setParent(W3C.extract(Context.root(), record, EXTENSIONS)).startSpan();
        if (span.isRecording()) {
            span.setAttribute("messaging.system", "eventmesh").setAttribute("messaging.destination.name", topic)
                    .setAttribute("messaging.operation.name", operation).setAttribute("messaging.operation.type", operation)
                    .setAttribute("messaging.message.id", record.id())
                    .setAttribute("cloudevents.event_id", record.id())
                    .setAttribute("cloudevents.event_source", record.attribute("source"))
                    .setAttribute("cloudevents.event_type", record.attribute("type"))
                    .setAttribute("cloudevents.event_subject", record.attribute("subject"));
            if (record.data() != null) {
                span.setAttribute("messaging.message.body.size", record.data().length);
            }
        }
        return span;
    }

    /** Ends a span. @param error null when all went well */
    static void end(Span span, Exception error) {
        if (error != null) {
            span.setStatus(StatusCode.ERROR, String.valueOf(error.getMessage())).setAttribute("error.type",
                    error.getClass().getName());
        }
        span.end();
    }

    /** The record with the context of its span; one that brought a context along keeps that. */
    static ConnectorRecord withContext(ConnectorRecord record, Span span) {
        if (record.attribute(PARENT) != null) {
            return record;
        }
        ConnectorRecord.Builder<?> builder = record instanceof SourceRecord sourceRecord
                ? SourceRecord.like(sourceRecord)
                : ConnectorRecord.builder().data(record.data()).contentType(record.contentType())
                        .timestamp(record.timestamp()).topic(record.topic()).attributes(record.attributes());
        W3C.inject(Context.root().with(span), builder, (carrier, name, value) -> carrier.attribute(name, value));
        return builder.build();
    }

    /** Sends what is left, for some seconds at the most. */
    @Override
    public void close() {
        provider.shutdown().join(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
