package dev.emc.core.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterExpressionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "type == 'a'|does not understand \"==\" at character 6; write =",
            "type = |ends after \"=\" where a value (an attribute, a number, a text in quotes or a bracket) is expected",
            "type|",
            "(type = 'a'|ends before the bracket is closed; add a )",
            "type = 'a')|expected an operator such as =, AND, LIKE or IN at character 11, not \")\"; remove it, or add a ( before",
            "type = 'a|the text that begins with ' at character 8 has no end; add a ' after it",
            "type = \"a|the text that begins with \" at character 8 has no end; add a \" after it",
            "type = 'a' && id = '1'|does not understand \"&\" at character 12; write AND",
            "type = 'a' || id = '1'|does not understand \"|\" at character 12; write OR",
            "!(type = 'a')|does not understand \"!\" at character 1; write NOT",
            "data.id = 1|does not understand \".\" at character 5; an attribute has no parts, and the payload can't be looked at",
            "type 'a'|expected an operator such as =, AND, LIKE or IN at character 6, not \"'a'\"",
            "type = a b|expected an operator such as =, AND, LIKE or IN at character 10, not \"b\"",
            "= 'a'|expected a value (an attribute, a number, a text in quotes or a bracket) at character 1, not \"=\"",
            "type = AND id = '1'|expected a value (an attribute, a number, a text in quotes or a bracket) at character 8, not \"AND\"",
            "type IN ()|expected a value (an attribute, a number, a text in quotes or a bracket) at character 10, not \")\"",
            "type IN 'a'|expected a list such as ('a', 'b') at character 9, not \"'a'\"",
            "type LIKE subject|expected a text in quotes such as 'order.%' at character 11, not \"subject\"",
            "EXISTS 'type'|expected the name of an attribute at character 8, not \"'type'\"",
            "type NOT = 'a'|expected LIKE or IN at character 10, not \"=\"",
            "type AND|ends after \"AND\" where a value (an attribute, a number, a text in quotes or a bracket) is expected",
            "FOO(type)|there is no function FOO at character 1; the functions are ABS, BOOL, CONCAT, CONCAT_WS, INT, IS_BOOL, IS_INT, LEFT, LENGTH, LOWER, RIGHT, STRING, SUBSTRING, TRIM, UPPER",
            "id = '1' AND LOWER(type, 1) = 'a'|the function LOWER at character 14 does not take 2 arguments",
            "Type = 'a'|there is no attribute Type at character 1: names of attributes are lower-case; did you mean type?",
            "EXISTS data|there is no attribute data at character 8; an expression sees the attributes of an event, not its payload",
            "items = 3000000000|the number at character 9 is larger than 2147483647",
            "TRUE) OR (TRUE|expected an operator such as =, AND, LIKE or IN at character 5, not \")\"; remove it, or add a ( before"})
    void aMistakeIsSaidWithItsPlace(String expression, String expected) {
        assertEquals(expected == null ? "" : expected, problem(expression));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n"})
    void anEmptyExpressionIsSaid(String expression) {
        assertEquals("is empty; remove it to deliver all events", problem(expression));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lower(type) = 'a'", "type LIKE 'a' and not exists subject", "-items < 3", "CONCAT() = ''",
            "SUBSTRING(type, 1, 2) = 'or'", "a1 = 1", "type = 'it''s'", "type <> 'ü'", "99luftballons = 1"})
    void aGoodExpressionIsTaken(String expression) {
        assertEquals("", problem(expression));
    }

    private static String problem(String expression) {
        try {
            FilterExpression.check(expression);
            return "";
        } catch (InvalidFilterException e) {
            return e.getMessage() + (e.suggestion() == null ? "" : "; " + e.suggestion());
        }
    }
}
