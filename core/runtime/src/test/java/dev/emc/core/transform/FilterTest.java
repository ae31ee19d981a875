package dev.emc.core.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.ConnectorRecord;
import dev.emc.core.engine.Processing;

class FilterTest {

    private final List<String> warnings = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();

    @ParameterizedTest
    @ValueSource(strings = {"type = 'order.created'", "type LIKE 'order.%'", "subject = 'orders/1' AND EXISTS region",
            "source = 'urn:shop'", "id = '1'", "datacontenttype = 'application/json'", "time = '2026-11-22T15:00:00Z'",
            "specversion = '1.0'", "items > 2", "express", "items", "'true'", "NOT EXISTS dataschema", "region IN ('eu', 'us')",
            "LENGTH(region) = 2", "type = 'x' OR region = \"eu\"", "type\n  =\n'order.created'", "exists region",
            "EXISTS time AND EXISTS datacontenttype AND EXISTS specversion AND EXISTS subject", "items = '3'",
            "NOT EXISTS coupon OR coupon != 'x'", "coupon = 'x' OR region = 'eu'"})
    void anEventForWhichTheExpressionIsTrueIsDelivered(String expression) throws Exception {
        ConnectorRecord record = Events.order().build();

        assertSame(record, Transforms.of(expression, TransformSettings.NONE).process(record));
    }

    @ParameterizedTest
    @ValueSource(strings = {"type = 'order.deleted'", "EXISTS coupon", "items < 3", "FALSE", "'false'", "items - 3",
            "region NOT IN ('eu', 'us')", "EXISTS dataschema"})
    void anEventForWhichItIsFalseIsDropped(String expression) throws Exception {
        assertNull(Transforms.of(expression, TransformSettings.NONE).process(Events.order().build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"coupon = 'x'", "coupon != 'x'", "NOT (coupon = 'x')", "coupon", "UPPER(coupon) = 'X'",
            "dataschema = 'x'", "region = 'us' OR coupon = 'x'"})
    void anEventWithoutAnAttributeThatIsAskedForIsDroppedWithoutAWord(String expression) throws Exception {
        assertFalse(filter(expression).test(Events.order().build()));
        assertEquals(List.of(), warnings);
    }

    @Test
    void anAttributeThatTheTimeOfTheEventIsMissingForDoesNotExist() throws Exception {
        assertNull(Transforms.of("EXISTS time", TransformSettings.NONE).process(Events.order().timestamp(null).build()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "INT(region) = 1|Cannot cast String to Integer: For input string: \"eu\"",
            "items / 0 = 1|Division by zero: 3 / 0",
            "region|Cannot cast String to Boolean: Cannot cast 'eu' to boolean. Allowed values: ['true', 'false']"})
    void anEventThatTheExpressionCannotBeEvaluatedForIsDroppedWithAWarning(String expression, String reason) throws Exception {
        assertFalse(filter(expression).test(Events.order().build()));
        assertEquals(1, warnings.size());
        assertEquals("the filter can't be evaluated for event '1', which is dropped as one that it rejects (1 such events so"
                + " far): " + reason, warnings.get(0));
    }

    @Test
    void warningsComeOnceAMinuteAtTheMost() throws Exception {
        Filter filter = filter("items / 0 = 1");
        for (int i = 0; i < 10; i++) {
            filter.test(Events.order().build());
        }
        assertEquals(1, warnings.size());
        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        filter.test(Events.order().build());

        assertEquals(2, warnings.size());
        assertEquals(true, warnings.get(1).contains("(11 such events so far)"), warnings.get(1));
    }

    @Test
    void theFilterSeesTheEventAsItWasBeforeTheTransforms() throws Exception {
        Processing processing = Transforms.of("type = 'order.created'", Events.set("type", "other"));

        assertEquals("other", processing.process(Events.order().build()).attribute("type"));
    }

    @Test
    void nothingIsDoneWhenNothingIsSet() throws Exception {
        assertSame(Processing.NONE, Transforms.of(null, TransformSettings.NONE));
    }

    private Filter filter(String expression) throws InvalidFilterException {
        return new Filter(FilterExpression.parse(expression), clock::get, warnings::add);
    }
}
