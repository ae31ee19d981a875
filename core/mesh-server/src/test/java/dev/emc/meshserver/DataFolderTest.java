package dev.emc.meshserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.wire.Frame;

class DataFolderTest extends ServerTest {

    @TempDir
    Path folder;

    private MeshServerConfig.Builder config() {
        return MeshServerConfig.builder().data(folder);
    }

    private void restart() throws Exception {
        restart(config());
    }

    private void restart(MeshServerConfig.Builder config) throws Exception {
        server.close();
        start(config);
    }

    private String refusal() {
        return assertThrows(MeshServerException.class, () -> MeshServer.start(config().build())).getMessage();
    }

    @Test
    void eventsOutliveTheServer() throws Exception {
        start(config());
        publish(0, 1000);
        restart();
        assertEquals(1000, topic().stored());
        assertEquals(names(0, 1000), subscriber("g", "t").receive(1000));
    }

    @Test
    void aGroupGoesOnWhereItWas() throws Exception {
        start(config());
        TestClient subscriber = subscriber("g", "t");
        publish(0, 100);
        subscriber.receive(60);
        Await.until(() -> group("g").acknowledged() == 60);
        restart();
        assertEquals(names(60, 100), subscriber("g", "t").receive(40));
    }

    @Test
    void whatWasAcknowledgedOutOfOrderComesAgainFromTheFirstGapOn() throws Exception {
        start(config());
        TestClient subscriber = subscriber("g", "t");
        publish(0, 5);
        List<Frame> held = subscriber.hold(5);
        List.of(0, 1, 3).forEach(i -> subscriber.acknowledge(held.get(i)));
        Await.until(() -> group("g").acknowledged() == 3);
        restart();
        assertEquals(names(2, 5), subscriber("g", "t").receive(3));
    }

    @Test
    void aGroupKeepsItsClaimOnEventsThatCameAfterARestart() throws Exception {
        start(config());
        subscriber("slow", "t");
        restart();
        TestClient fast = subscriber("fast", "t");
        publish(0, 10);
        fast.receive(10);
        restart();
        assertEquals(names(0, 10), subscriber("slow", "t").receive(10));
    }

    @Test
    void anEmptyTopicGoesOnCounting() throws Exception {
        start(config());
        TestClient subscriber = subscriber("g", "t");
        publish(0, 10);
        subscriber.receive(10);
        Await.until(() -> topic().stored() == 0);
        restart();
        publish(10, 20);
        assertEquals(names(10, 20), subscriber("g", "t").receive(10));
        assertEquals(20, topic().published());
    }

    @Test
    void topicNamesMayHoldSlashes() throws Exception {
        start(config());
        subscriber("g/h", "a/b").close();
        Await.until(() -> server.stats().sessions() == 0);
        publisher().publish("a/b", "x");
        restart();
        assertEquals("g/h", server.stats().topic("a/b").groups().get(0).name());
        assertEquals(List.of("x"), subscriber("g/h", "a/b").receive(1));
    }

    @Test
    void aDroppedGroupHoldsNothingBack() throws Exception {
        start(config());
        subscriber("old", "t").close();
        TestClient subscriber = subscriber("g", "t");
        publish(0, 10);
        subscriber.receive(10);
        Await.until(() -> group("g").acknowledged() == 10);
        restart(config().dropGroups(Set.of("t/old")));
        Await.until(() -> topic().stored() == 0);
        restart();
        assertEquals(List.of("g"), topic().groups().stream().map(MeshStats.GroupStats::name).toList());
    }

    @Test
    void broadcastingSubscribersLeaveNothingBehind() throws Exception {
        start(config());
        broadcastSubscriber("t").close();
        restart();
        assertEquals(List.of(), topic().groups());
    }

    @Test
    void theFolderIsLocked() throws Exception {
        start(config());
        assertTrue(refusal().contains("in use by another emc-mesh"), this::refusal);
    }

    @Test
    void aDamagedFileIsSaidSo() throws Exception {
        Files.writeString(folder.resolve("mesh.mv"), "not a store");
        assertTrue(refusal().contains("is damaged"), this::refusal);
    }

    @Test
    void anotherFormatIsSaidSo() throws Exception {
        try (MVStore store = MVStore.open(folder.resolve("mesh.mv").toString())) {
            MVMap<String, String> mark = store.openMap("emc-mesh", new MVMap.Builder<String, String>()
                    .keyType(StringDataType.INSTANCE).valueType(StringDataType.INSTANCE));
            mark.put("format", "99");
        }
        assertTrue(refusal().contains("has format 99"), this::refusal);
    }

    @Test
    void aFolderThatCanNotBeMadeIsSaidSo() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        MeshServerException e = assertThrows(MeshServerException.class,
                () -> MeshServer.start(MeshServerConfig.builder().data(file.resolve("sub")).build()));
        assertTrue(e.getMessage().contains("can't be made"), e.getMessage());
    }

    @Test
    void aFileInPlaceOfTheFolderIsSaidSo() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        MeshServerException e = assertThrows(MeshServerException.class,
                () -> MeshServer.start(MeshServerConfig.builder().data(file).build()));
        assertTrue(e.getMessage().contains("can't be made (it is a file)"), e.getMessage());
    }

    @Test
    void aFullDiskIsNoDamage() throws Exception {
        Files.createSymbolicLink(folder.resolve("mesh.mv"), Path.of("/dev/full"));
        assertTrue(refusal().contains("can't be written (No space left on device)"), this::refusal);
    }
}
