package dev.emc.core.transform;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

import io.cloudevents.sql.EvaluationException;
import io.cloudevents.sql.EvaluationRuntime;
import io.cloudevents.sql.Expression;
import io.cloudevents.sql.Result;

import dev.emc.api.ConnectorRecord;

/**
 * Tells the events for which an expression of CloudEvents SQL is true. It isn't for an event that lacks an attribute whose
 * value the outcome hangs on, nor for one that it can't be evaluated for; of the latter a log line tells, at most one a
 * minute.
 */
final class Filter {

    private static final Logger LOG = Logger.getLogger("dev.emc.filter");
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Expression expression;
    private final EvaluationRuntime functions = EvaluationRuntime.getDefault();
    private final EventView view = new EventView();
    private final LongSupplier clock;
    private final Consumer<String> warning;
    private long failures;
    private long lastWarning;

    Filter(Expression expression) {
        this(expression, System::nanoTime, LOG::warn);
    }

    /** With another clock, in nanoseconds, and another place for warnings. */
    Filter(Expression expression, LongSupplier clock, Consumer<String> warning) {
        this.expression = expression;
        this.clock = clock;
        this.warning = warning;
    }

    boolean test(ConnectorRecord record) {
        Result result = expression.evaluate(functions, view.of(record));
        if (!result.isFailed()) {
            return Boolean.TRUE.equals(result.value());
        }
        for (EvaluationException cause : result.causes()) {
            if (cause.getKind() != EvaluationException.ErrorKind.MISSING_ATTRIBUTE) {
                failed(record, cause);
                break;
            }
        }
        return false;
    }

    private void failed(ConnectorRecord record, EvaluationException cause) {
        failures++;
        long now = clock.getAsLong();
        if (failures > 1 && now - lastWarning < QUIET_NANOS) {
            return;
        }
        lastWarning = now;
        warning.accept("the filter can't be evaluated for event '" + record.id() + "', which is dropped as one that it"
                + " rejects (" + failures + " such events so far): " + reason(cause));
    }

    /** The library's message without the places in the expression, which it counts in words, and without Java's names. */
    private static String reason(EvaluationException cause) {
        String message = String.valueOf(cause.getMessage()).replace("class java.lang.", "");
        int start = message.indexOf("`: ");
        return start < 0 ? message : message.substring(start + 3);
    }
}
