package dev.emc.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoomTest {

    private static final int WINDOW = 100;

    private final Room room = new Room(settings(), WINDOW);

    private static WorkerSettings settings() {
        Settings settings = new Settings();
        settings.inFlightMaxRecords = 4000;
        settings.batchMaxRecords = 500;
        return settings.build();
    }

    @Test
    void twoWindowsAreEnough() {
        assertFalse(room.isEnough(2 * WINDOW));
        assertTrue(room.isEnough(2 * WINDOW + 1));
    }

    @Test
    void aMeshThatHadNothingToDoWhileTheSourceWasAskedGetsMore() {
        room.isEnough(3 * WINDOW);
        room.polled(500, 500_000, WINDOW - 1);
        assertEquals(4 * WINDOW, room.enough());
    }

    @Test
    void aSourceThatIsSlowAnywayIsAskedAllTheTime() {
        room.polled(1, 1000, 0);
        assertEquals(2 * WINDOW, room.enough());
    }

    @Test
    void aMeshThatIsBusyAllTheTimeGetsNoMore() {
        room.isEnough(3 * WINDOW);
        room.polled(500, 500_000, WINDOW);
        assertEquals(2 * WINDOW, room.enough());
    }

    @Test
    void itNeverIsMoreThanLeavesRoomForABatch() {
        for (int i = 0; i < 100; i++) {
            room.isEnough(Integer.MAX_VALUE);
            room.polled(500, 500_000, 0);
        }
        assertEquals(3500, room.enough());
    }
}
