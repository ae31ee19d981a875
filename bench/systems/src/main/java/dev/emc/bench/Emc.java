package dev.emc.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** emc's connectors as contenders: the native executable when it is there, else the jar; all else at its default. */
final class Emc {

    private final Artifacts artifacts;
    private final Mesh mesh;
    private final int bytes;

    /** @param bytes of a payload */
    Emc(Artifacts artifacts, Mesh mesh, int bytes) {
        this.artifacts = artifacts;
        this.mesh = mesh;
        this.bytes = bytes;
    }

    /**
     * Where a sink writes to.
     *
     * @param settings keys below {@code connector} with their values
     */
    record Place(Map<String, String> settings, Target target) {}

    /** Makes a place that is empty. */
    interface Places {

        Place make(int events) throws Exception;
    }

    /**
     * Where a source reads from.
     *
     * @param settings keys below {@code connector} with their values
     * @param load what sends the events once the source is ready; null when they are there
     */
    record Origin(Map<String, String> settings, Run.Start load) {}

    /** Makes an origin. */
    interface Origins {

        Origin make(Path folder, int events) throws Exception;
    }

    /** Makes the target of a connector whose health and metrics are at a port. */
    private interface Targets {

        Target make(int http) throws Exception;
    }

    Contender sink(String name, double part, Payload payload, Places places) {
        return new Contender(name, form(name), "acknowledged once the target has it", part, (folder, events) -> {
            Place place = places.make(events);
            String topic = mesh.filled(events, payload);
            return run(name, folder, topic, place.settings, http -> new Acknowledged(place.target, topic), null);
        });
    }

    Contender source(String name, double part, Payload payload, Origins origins) {
        return new Contender(name, form(name), "position saved once the mesh has it", part, (folder, events) -> {
            Origin origin = origins.make(folder, events);
            String topic = mesh.newTopic();
            return run(name, folder, topic, origin.settings, http -> mesh.arrivals(topic, bytes, payload, http), origin.load);
        });
    }

    /** The command lines of these connectors. */
    List<String> command(String name) {
        return artifacts.command(name);
    }

    private String form(String name) {
        return Contender.EMC + (Artifacts.isNative(artifacts.command(name)) ? "native" : "JVM");
    }

    private Run run(String name, Path folder, String topic, Map<String, String> settings, Targets targets, Run.Start load)
            throws Exception {
        int http = Ports.free();
        Path config = Files.writeString(folder.resolve("config.yaml"), """
                mesh:
                  address: 127.0.0.1:%d
                  topic: %s
                  group: %s
                registry:
                  path: %s
                http:
                  port: %d
                """.formatted(mesh.port, topic, Mesh.GROUP, folder.resolve("registry"), http));
        List<String> command = new ArrayList<>(artifacts.command(name));
        command.addAll(List.of("--config", config.toString()));
        settings.forEach((key, value) -> command.addAll(List.of("--set", "connector." + key + "=" + value)));
        return new Run(targets.make(http), () -> new Child(command, folder, folder.resolve("log")))
                .readyWhen(() -> Ports.answers(http, "/q/health/ready", "")).thenStart(load);
    }

    /** A target whose events have to be acknowledged to the mesh as well. */
    private final class Acknowledged implements Target {

        private final Target target;
        private final String topic;

        Acknowledged(Target target, String topic) {
            this.target = target;
            this.topic = topic;
        }

        @Override
        public long arrived() throws Exception {
            return target.arrived();
        }

        @Override
        public boolean complete(long arrived, int events) {
            return target.complete(arrived, events);
        }

        @Override
        public void verify(int events) throws Exception {
            target.verify(events);
            mesh.requireEmpty(topic);
        }
    }
}
