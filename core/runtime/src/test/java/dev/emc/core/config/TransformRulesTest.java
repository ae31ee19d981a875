package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformRulesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "filter: type == 'a'|filter: does not understand \"==\" at character 6; write =",
            "filter: ' '|filter: is empty; remove it to deliver all events",
            "transform.rename: {Region: area}|transform.rename.Region: is no name of an attribute: those have lower-case letters and digits only; did you mean region?",
            "transform.rename: {region: ship-to}|transform.rename.region: \"ship-to\" is no name of an attribute: those have lower-case letters and digits only; did you mean shipto?",
            "transform.rename: {a.b: c}|transform.rename.a.b: is no name of an attribute: those have lower-case letters and digits only; did you mean ab?",
            "transform.rename: {region: region}|transform.rename.region: is the old name and the new one",
            "transform.rename: {id: orderid}|transform.rename.id: every event needs its id",
            "transform.rename: {type: kind}|transform.rename.type: every event needs its type; give it a new one with transform.set.type",
            "transform.rename: {data: body}|transform.rename.data: is the payload, not an attribute; transform.pick, transform.wrap and transform.convert change the payload",
            "transform.drop: [region, type]|transform.drop: every event needs its type; transform.set.type gives it another one",
            "transform.drop: id|transform.drop: every event needs its id",
            "transform.drop: Content-Type|transform.drop: \"Content-Type\" is no name of an attribute: those have lower-case letters and digits only; did you mean datacontenttype?",
            "transform.drop: specversion|transform.drop: \"specversion\" can't be changed: emc speaks CloudEvents 1.0",
            "transform.drop: data|transform.drop: \"data\" is the payload, not an attribute; transform.pick, transform.wrap and transform.convert change the payload",
            "transform: {drop: region, set: {region: x}}|transform.drop: leaves out region, which transform.set gives; remove one of the two",
            "transform: {drop: area, rename: {region: area}}|transform.drop: leaves out area, which transform.rename gives; remove one of the two",
            "transform: {set: {area: x}, rename: {region: area}}|transform.set.area: is the new name of another attribute, too; remove one of the two",
            "transform.set: {id: '1'}|transform.set.id: all events would have one id, and count as repetitions of the first",
            "transform.set: {type: ' '}|transform.set.type: must not be empty",
            "transform.set: {subject: ' '}|transform.set.subject: must not be empty; leave it out with transform.drop",
            "transform.set: {source: no uri}|transform.set.source: expected a URI, not \"no uri\"",
            "transform.set: {time: yesterday}|transform.set.time: expected a date and time such as 2026-11-22T15:00:00Z, not \"yesterday\"",
            "transform.set: {datacontenttype: json}|transform.set.datacontenttype: expected a media type such as application/json, not \"json\"",
            "transform.pick: order.id|transform.pick: expected a JSON pointer such as /order/id, not \"order.id\"; did you mean /order/id?",
            "transform.pick: $.items[0].id|transform.pick: expected a JSON pointer such as /order/id, not \"$.items[0].id\"; did you mean /items/0/id?",
            "transform.pick: '#/order'|transform.pick: expected a JSON pointer such as /order/id, not \"#/order\"; did you mean /order?",
            "transform.pick: /a~b|transform.pick: in a JSON pointer ~0 stands for ~ and ~1 for /, no other ~ is allowed",
            "transform.convert: avro|transform.convert: expected json, structured or raw, not \"avro\""})
    void whatCannotWorkIsSaidWithItsPlace(String line, String expected) {
        assertEquals("sink.yaml:3: " + expected, problems(line));
    }

    @Test
    void twoAttributesCannotGetOneName() {
        assertEquals("sink.yaml:5: transform.rename.b: gives a name to a second attribute: c",
                problems("transform.rename:\n  a: c\n  b: c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"filter: type = 'a'", "transform.rename: {a: b, b: a}",
            "transform: {rename: {type: oldtype}, set: {type: x}}", "transform.rename: {time: orderedat, datacontenttype: t}",
            "transform.drop: [time, datacontenttype, subject, dataschema, x]",
            "transform.set: {datacontenttype: text/plain; charset=utf-8, x: '', subject: a b, time: '2026-01-01T00:00:00+01:00'}",
            "transform.pick: /a~1b/0/", "transform.wrap: a b", "transform.convert: STRUCTURED"})
    void whatCanWorkIsTaken(String line) {
        assertEquals("", problems(line));
    }

    private static String problems(String lines) {
        return Checks.problems(Checks.check(Descriptors.fileSink(), "sink.yaml",
                "mesh.topic: orders\nconnector.path: x\n" + lines + "\n"));
    }
}
