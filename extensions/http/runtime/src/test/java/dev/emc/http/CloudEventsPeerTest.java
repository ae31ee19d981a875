package dev.emc.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.SourceRecord;
import dev.emc.testkit.Configs;

/** What the CloudEvents project's own library sends is understood, and it understands what is sent. */
class CloudEventsPeerTest {

    private static CloudEventBuilder event() {
        return CloudEventBuilder.v1().withId("A234-1234-1234").withSource(URI.create("/mycontext/4"))
                .withType("com.example.some");
    }

    /** With what needs percent-encoding in headers, which the library leaves out. */
    static Stream<CloudEvent> eventsOfAllLanguages() {
        return Stream.concat(events(),
                Stream.of(event().withSubject("Euro € 😀 \"q\" 100%").withExtension("ext", "a b").build()));
    }

    static Stream<CloudEvent> events() {
        return Stream.of(event().build(),
                event().withSubject("orders/1?x=y&z").withExtension("comexample1", "value-1")
                        .withTime(OffsetDateTime.parse("2018-04-05T17:31:00.123Z"))
                        .withDataSchema(URI.create("http://example.com/schema#1"))
                        .withData("application/json", "{\"a\":[1,\"é\"]}".getBytes(StandardCharsets.UTF_8)).build(),
                event().withData("text/xml", "<much wow=\"xml\"/>".getBytes(StandardCharsets.UTF_8)).build(),
                event().withData("application/octet-stream", new byte[]{0, 1, 2, (byte) 0xff, '\r', '\n'}).build());
    }

    private static HttpRequest.Builder request(RunningSource source, CloudEvent event, boolean structured) {
        HttpRequest.Builder request = source.request("/");
        var writer = HttpMessageFactory.createWriter(request::header,
                body -> request.POST(HttpRequest.BodyPublishers.ofByteArray(body == null ? new byte[0] : body)));
        if (structured) {
            writer.writeStructured(event, new JsonFormat());
        } else {
            writer.writeBinary(event);
        }
        return request;
    }

    private static void assertSame(CloudEvent event, ConnectorRecord record) {
        assertEquals(event.getId(), record.id());
        assertEquals(event.getSource().toString(), record.attribute("source"));
        assertEquals(event.getType(), record.attribute("type"));
        assertEquals(event.getSubject(), record.attribute("subject"));
        assertEquals(event.getDataSchema() == null ? null : event.getDataSchema().toString(), record.attribute("dataschema"));
        assertEquals(event.getTime() == null ? null : event.getTime().toInstant(), record.timestamp());
        assertEquals(event.getDataContentType(), record.contentType());
        event.getExtensionNames().forEach(name -> assertEquals(event.getExtension(name), record.attributes().get(name)));
        assertArrayEquals(event.getData() == null ? null : event.getData().toBytes(), record.data());
    }

    @ParameterizedTest
    @MethodSource("events")
    void whatItSendsAsHeadersIsUnderstood(CloudEvent event) throws Exception {
        try (RunningSource source = new RunningSource()) {
            assertEquals(200, source.send(request(source, event, false)).statusCode());
            assertSame(event, source.record());
        }
    }

    @ParameterizedTest
    @MethodSource("eventsOfAllLanguages")
    void whatItSendsAsJsonIsUnderstood(CloudEvent event) throws Exception {
        try (RunningSource source = new RunningSource()) {
            assertEquals(200, source.send(request(source, event, true)).statusCode());
            assertSame(event, source.record());
        }
    }

    private static CloudEvent through(SourceRecord record, String format) throws Exception {
        try (Target target = new Target();
                HttpSink sink = new HttpSink(Configs.of(HttpSinkConfig.class, "urls", target.url("/in"), "format", format))) {
            sink.start(null);
            assertEquals(List.of(), sink.put(List.of(record)));
            Target.Seen seen = target.all().get(0);
            MessageReader reader = HttpMessageFactory.createReader(
                    consumer -> seen.headers().forEach(consumer), seen.body().length == 0 ? null : seen.body());
            return reader.toEvent();
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void itUnderstandsWhatIsSentAsHeaders(CloudEvent event) throws Exception {
        assertArrives(event, "binary");
    }

    @ParameterizedTest
    @MethodSource("eventsOfAllLanguages")
    void itUnderstandsWhatIsSentAsJson(CloudEvent event) throws Exception {
        assertArrives(event, "structured");
    }

    private static void assertArrives(CloudEvent event, String format) throws Exception {
        try (RunningSource source = new RunningSource()) {
            source.send(request(source, event, true));
            assertSame(through(source.record(), format), source.record());
        }
    }
}
