package dev.emc.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** The JSON readers and writers of this package. */
final class Json {

    /** Reads deeper than {@link #STRICT}, because what that let through is read inside an event. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(2000).maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    /** Judges whether a payload is JSON that others can read too. */
    static final JsonFactory STRICT = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(900).build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

    private Json() {}
}
