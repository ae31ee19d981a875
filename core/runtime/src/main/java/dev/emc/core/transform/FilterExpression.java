package dev.emc.core.transform;

import java.util.List;
import java.util.Locale;

import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.LexerNoViableAltException;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;

import io.cloudevents.sql.EvaluationRuntime;
import io.cloudevents.sql.Expression;
import io.cloudevents.sql.ParseException;
import io.cloudevents.sql.Parser;
import io.cloudevents.sql.generated.CESQLParserLexer;
import io.cloudevents.sql.generated.CESQLParserParser;
import io.cloudevents.sql.generated.CESQLParserParser.FunctionInvocationExpressionContext;
import io.cloudevents.sql.generated.CESQLParserParser.IdentifierContext;
import io.cloudevents.sql.generated.CESQLParserParser.IntegerLiteralContext;
import io.cloudevents.sql.impl.parser.CaseChangingCharStream;

/**
 * Reads expressions of CloudEvents SQL. The library's own parser tells mistakes in the words of its generator, fails on many
 * of them with a null pointer, and finds unknown functions only with the first event; so the mistakes are looked for first.
 */
public final class FilterExpression {

    private static final List<String> FUNCTIONS = List.of("ABS", "BOOL", "CONCAT", "CONCAT_WS", "INT", "IS_BOOL", "IS_INT",
            "LEFT", "LENGTH", "LOWER", "RIGHT", "STRING", "SUBSTRING", "TRIM", "UPPER");

    private static final String VALUE = "a value (an attribute, a number, a text in quotes or a bracket)";

    private final String text;
    private final CommonTokenStream tokens;
    private final CESQLParserParser parser;
    private InvalidFilterException mistake;

    private FilterExpression(String text) {
        this.text = text;
        Mistakes mistakes = new Mistakes();
        CESQLParserLexer lexer = new CESQLParserLexer(new CaseChangingCharStream(CharStreams.fromString(text), true));
        lexer.removeErrorListeners();
        lexer.addErrorListener(mistakes);
        tokens = new CommonTokenStream(lexer);
        parser = new CESQLParserParser(tokens);
        parser.removeErrorListeners();
        parser.addErrorListener(mistakes);
    }

    /** @throws InvalidFilterException when the expression can't be used, with the first reason */
    public static void check(String text) throws InvalidFilterException {
        parse(text);
    }

    /** An expression whose value is a boolean. */
    static Expression parse(String text) throws InvalidFilterException {
        if (text.isBlank()) {
            throw new InvalidFilterException("is empty", "remove it to deliver all events");
        }
        FilterExpression expression = new FilterExpression(text);
        ParserRuleContext tree = expression.parser.cesql();
        if (expression.mistake != null) {
            throw expression.mistake;
        }
        expression.checkNames(tree);
        try {
            // the function converts by the rules of the standard
            return Parser.parseDefault("BOOL(" + text + ")");
        } catch (ParseException e) {
            throw new InvalidFilterException("can't be evaluated: " + e.getMessage(), null);
        }
    }

    private void checkNames(ParseTree tree) throws InvalidFilterException {
        if (tree instanceof FunctionInvocationExpressionContext call) {
            checkFunction(call);
        } else if (tree instanceof IdentifierContext name) {
            checkAttribute(name);
        } else if (tree instanceof IntegerLiteralContext number) {
            checkNumber(number);
        }
        for (int i = 0; i < tree.getChildCount(); i++) {
            checkNames(tree.getChild(i));
        }
    }

    private static void checkFunction(FunctionInvocationExpressionContext call) throws InvalidFilterException {
        String name = call.functionIdentifier().getText().toUpperCase(Locale.ROOT);
        int arguments = call.functionParameterList().expression().size();
        try {
            EvaluationRuntime.getDefault().resolveFunction(name, arguments);
        } catch (IllegalStateException e) {
            throw FUNCTIONS.contains(name)
                    ? new InvalidFilterException("the function " + name + at(call.getStart()) + " does not take " + arguments
                            + (arguments == 1 ? " argument" : " arguments"), null)
                    : new InvalidFilterException("there is no function " + name + at(call.getStart()),
                            "the functions are " + String.join(", ", FUNCTIONS));
        }
    }

    private static void checkAttribute(IdentifierContext identifier) throws InvalidFilterException {
        String name = identifier.getText();
        if (name.equals("data")) {
            throw new InvalidFilterException("there is no attribute data" + at(identifier.getStart()),
                    "an expression sees the attributes of an event, not its payload");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (!name.equals(lower)) {
            throw new InvalidFilterException("there is no attribute " + name + at(identifier.getStart())
                    + ": names of attributes are lower-case", "did you mean " + lower + "?");
        }
    }

    private static void checkNumber(IntegerLiteralContext number) throws InvalidFilterException {
        try {
            Integer.parseInt(number.getText());
        } catch (NumberFormatException e) {
            throw new InvalidFilterException("the number" + at(number.getStart()) + " is larger than " + Integer.MAX_VALUE,
                    null);
        }
    }

    private static String at(Token token) {
        return " at character " + (token.getStartIndex() + 1);
    }

    /** Says in words what the generated parser has found first. */
    private final class Mistakes extends BaseErrorListener {

        @Override
        public void syntaxError(Recognizer<?, ?> recognizer, Object offending, int line, int column, String message,
                RecognitionException e) {
            if (mistake != null) {
                return;
            }
            if (e instanceof LexerNoViableAltException lexical) {
                mistake = unknown(lexical.getStartIndex());
            } else if (offending instanceof Token token) {
                mistake = unexpected(token);
            } else {
                mistake = new InvalidFilterException("is no expression of CloudEvents SQL", null);
            }
        }

        private InvalidFilterException unknown(int index) {
            String rest = text.substring(text.offsetByCodePoints(0, index));
            String found = rest.substring(0, rest.offsetByCodePoints(0, 1));
            String suggestion = switch (found) {
                case "&" -> "write AND";
                case "|" -> "write OR";
                case "!" -> "write NOT";
                case "." -> "an attribute has no parts, and the payload can't be looked at";
                default -> null;
            };
            return new InvalidFilterException("does not understand \"" + found + "\" at character " + (index + 1), suggestion);
        }

        private InvalidFilterException unexpected(Token token) {
            int type = token.getType();
            if (type == CESQLParserLexer.SINGLE_QUOTE_SYMB || type == CESQLParserLexer.DOUBLE_QUOTE_SYMB) {
                return new InvalidFilterException("the text that begins with " + token.getText() + at(token) + " has no end",
                        "add a " + token.getText() + " after it");
            }
            Token before = before(token);
            if (type == Token.EOF) {
                return endsOperand(before)
                        ? new InvalidFilterException("ends before the bracket is closed", "add a )")
                        : new InvalidFilterException("ends after \"" + before.getText() + "\" where " + expected(before)
                                + " is expected", null);
            }
            if (type == CESQLParserLexer.EQUAL && before != null && before.getType() == CESQLParserLexer.EQUAL) {
                return new InvalidFilterException("does not understand \"==\"" + at(before), "write =");
            }
            return new InvalidFilterException("expected " + expected(before) + at(token) + ", not \"" + token.getText() + "\"",
                    type == CESQLParserLexer.RR_BRACKET && endsOperand(before) ? "remove it, or add a ( before" : null);
        }

        /** The token before one; null when it is the first. */
        private Token before(Token token) {
            return token.getTokenIndex() > 0 ? tokens.get(token.getTokenIndex() - 1) : null;
        }

        private String expected(Token before) {
            if (endsOperand(before)) {
                return "an operator such as =, AND, LIKE or IN";
            }
            return switch (before == null ? Token.INVALID_TYPE : before.getType()) {
                case CESQLParserLexer.IN -> "a list such as ('a', 'b')";
                case CESQLParserLexer.LIKE -> "a text in quotes such as 'order.%'";
                case CESQLParserLexer.EXISTS -> "the name of an attribute";
                case CESQLParserLexer.NOT -> endsOperand(before(before)) ? "LIKE or IN" : VALUE;
                default -> VALUE;
            };
        }

        private static boolean endsOperand(Token token) {
            return token != null && switch (token.getType()) {
                case CESQLParserLexer.IDENTIFIER, CESQLParserLexer.IDENTIFIER_WITH_NUMBER, CESQLParserLexer.INTEGER_LITERAL,
                        CESQLParserLexer.SQUOTED_STRING_LITERAL, CESQLParserLexer.DQUOTED_STRING_LITERAL,
                        CESQLParserLexer.TRUE, CESQLParserLexer.FALSE, CESQLParserLexer.RR_BRACKET ->
                    true;
                default -> false;
            };
        }
    }
}
