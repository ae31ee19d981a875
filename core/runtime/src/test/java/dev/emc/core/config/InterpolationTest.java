package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.emc.core.config.Interpolation.Unresolved;

class InterpolationTest {

    private static final Environment ENVIRONMENT = new Environment(
            Map.of("A", "1", "B", "two", "EMPTY", "", "EXPR", "${A}", "DOLLAR", "$"), Map.of());

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "plain|plain",
            "${A}|1",
            "x${A}y${B}z|x1ytwoz",
            "${A}${B}|1two",
            "${MISSING:d}|d",
            "${MISSING:}|''",
            "${MISSING:a:b}|a:b",
            "${A:d}|1",
            "${EMPTY:d}|''",
            "${MISSING:${B}}|two",
            "${MISSING:${OTHER:x}}|x",
            "$${A}|${A}",
            "$${A}${A}|${A}1",
            "$A|$A",
            "5$|5$",
            "$$|$$",
            "${EXPR}|${A}",
            "${DOLLAR}{A}|${A}",
            "{A}|{A}"})
    void expressionsArePutIn(String text, String expected) throws Unresolved {
        assertEquals(expected, Interpolation.resolve(text, ENVIRONMENT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "${MISSING}|the environment variable MISSING is not set",
            "${A|\"${\" without a closing \"}\"",
            "${}|\"${}\" names no variable",
            "${:x}|\"${:x}\" names no variable",
            "${file:/no/such/file}|the file /no/such/file does not exist"})
    void whatCannotBePutInIsSaid(String text, String expected) {
        assertEquals(expected, assertThrows(Unresolved.class, () -> Interpolation.resolve(text, ENVIRONMENT)).getMessage());
    }

    @Test
    void aFileIsPutInWithoutItsLastLineBreak(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "one\ntwo\r\n");

        assertEquals("<one\ntwo>", Interpolation.resolve("<${file:" + file + "}>", ENVIRONMENT));
    }

    @Test
    void whatAFileHoldsIsNotLookedAtAgain(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "pa${A}ss");

        assertEquals("pa${A}ss", Interpolation.resolve("${file:" + file + "}", ENVIRONMENT));
    }

    @Test
    void aFileThatIsNoTextIsNamedButNotQuoted(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("secret"), new byte[]{(byte) 0xC3, 'x'});

        assertEquals("the file " + file + " can't be read as text", assertThrows(Unresolved.class,
                () -> Interpolation.resolve("${file:" + file + "}", ENVIRONMENT)).getMessage());
    }

    @Test
    void anyTextSurvivesWhenItsExpressionsAreEscaped() throws Unresolved {
        var random = new Random(4711);
        for (int i = 0; i < 20_000; i++) {
            String text = random(random, "ab${}:.,\\ ");

            // a "$" right before an expression would be taken for its escape
            if (!text.contains("$${")) {
                assertEquals(text, Interpolation.resolve(text.replace("${", "$${"), ENVIRONMENT), text);
            }
        }
    }

    @Test
    void textBetweenExpressionsIsKept() throws Unresolved {
        var random = new Random(815);
        for (int i = 0; i < 20_000; i++) {
            String before = random(random, "ab{}:., ");
            String after = random(random, "ab}:.,$ ");

            assertEquals(before + "two" + after, Interpolation.resolve(before + "${B}" + after, ENVIRONMENT));
        }
    }

    @Test
    void noTextMakesItFailInAnotherWay() {
        var random = new Random(42);
        for (int i = 0; i < 50_000; i++) {
            String text = random(random, "AB${}:file/");
            try {
                Interpolation.resolve(text, ENVIRONMENT);
            } catch (Unresolved e) {
                assertFalse(e.getMessage().isBlank(), text);
            }
        }
    }

    @Test
    void anEscapedExpressionIsNotDynamic() {
        assertFalse(Interpolation.isDynamic("a$${B}"));
        assertTrue(Interpolation.isDynamic("a$${B}${A}"));
    }

    private static String random(Random random, String alphabet) {
        var text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString().replace("$$", "$");
    }
}
