package dev.emc.core.transform;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.io.JsonStringEncoder;

import dev.emc.api.ConnectorRecord;
import dev.emc.api.PermanentException;
import dev.emc.core.engine.Processing;

/**
 * The event filter and the transforms, in this order: filter, {@code convert: raw}, rename, drop, set, pick, wrap,
 * {@code convert: json} or {@code structured}. What is not set takes no part.
 */
public final class Transforms {

    private Transforms() {}

    /**
     * Makes the filter and the transforms ready.
     *
     * @param filter an expression of CloudEvents SQL; null for none
     * @return {@link Processing#NONE} when nothing is set
     * @throws InvalidFilterException when the expression can't be used
     */
    public static Processing of(String filter, TransformSettings settings) throws InvalidFilterException {
        Step[] steps = steps(settings).toArray(Step[]::new);
        if (filter == null) {
            return steps.length == 0 ? Processing.NONE : record -> transformed(record, steps);
        }
        Filter accepted = new Filter(FilterExpression.parse(filter));
        return record -> !accepted.test(record) ? null : steps.length == 0 ? record : transformed(record, steps);
    }

    private static List<Step> steps(TransformSettings settings) {
        List<Step> steps = new ArrayList<>();
        TransformSettings.Convert convert = settings.convert();
        if (convert == TransformSettings.Convert.RAW) {
            steps.add(Draft::unpack);
        }
        if (!settings.rename().isEmpty()) {
            steps.add(new Rename(settings.rename()));
        }
        if (!settings.drop().isEmpty()) {
            steps.add(draft -> settings.drop().forEach(draft::remove));
        }
        settings.set().forEach((name, value) -> steps.add(draft -> draft.put(name, value)));
        if (settings.pick() != null) {
            JsonPointer pointer = JsonPointer.compile(settings.pick());
            steps.add(draft -> draft.pick(pointer));
        }
        if (settings.wrap() != null) {
            byte[] opening = ("{\"" + new String(JsonStringEncoder.getInstance().quoteAsString(settings.wrap())) + "\":")
                    .getBytes(StandardCharsets.UTF_8);
            steps.add(draft -> draft.wrap(opening));
        }
        if (convert == TransformSettings.Convert.JSON) {
            steps.add(Draft::toJson);
        } else if (convert == TransformSettings.Convert.STRUCTURED) {
            steps.add(Draft::pack);
        }
        return steps;
    }

    private static ConnectorRecord transformed(ConnectorRecord record, Step[] steps) throws PermanentException {
        Draft draft = new Draft(record);
        for (Step step : steps) {
            step.apply(draft);
        }
        return draft.record();
    }

    /** One change of a record. */
    interface Step {
        void apply(Draft draft) throws PermanentException;
    }
}
