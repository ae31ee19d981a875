package dev.emc.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class StopSignalsTest {

    private final List<String> calls = new ArrayList<>();
    private final StopSignals signals = new StopSignals(() -> calls.add("kill"));

    private void handle() {
        signals.handle(() -> calls.add("drain"), () -> calls.add("abort"));
    }

    @Test
    void theFirstSignalDrains() {
        handle();
        assertEquals(List.of(), calls);
        signals.stop();
        assertEquals(List.of("drain"), calls);
    }

    @Test
    void theSecondSignalAborts() {
        handle();
        signals.stop();
        signals.stop();
        assertEquals(List.of("drain", "abort"), calls);
    }

    @Test
    void aSignalBeforeTheWorkerIsThereDrainsItAsSoonAsItIs() {
        signals.stop();
        assertEquals(List.of(), calls);
        handle();
        assertEquals(List.of("drain"), calls);
    }

    @Test
    void aSecondSignalBeforeTheWorkerIsThereEndsTheProcess() {
        signals.stop();
        signals.stop();
        assertEquals(List.of("kill"), calls);
    }

    @Test
    void aSignalBeforeAndOneAfterTheWorkerIsThereAbortIt() {
        signals.stop();
        handle();
        signals.stop();
        assertEquals(List.of("drain", "abort"), calls);
    }

    @Test
    void aSignalBeforeItIsKnownThatThereIsNoWorkerEndsTheProcess() {
        signals.stop();
        assertEquals(List.of(), calls);
        signals.noWorker();
        assertEquals(List.of("kill"), calls);
    }

    @Test
    void withoutASignalACommandWithoutAWorkerGoesOn() {
        signals.noWorker();
        assertEquals(List.of(), calls);
    }

}
