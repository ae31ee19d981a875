package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErrorsTest {

    @Test
    void theReasonOfAWorkersEndIsASentenceAlready() {
        assertEquals("worker 'w' lost its lease",
                Errors.sentence(new Stop(Outcome.FAILED, "worker 'w' lost its lease")));
    }
}
