package dev.emc.meshserver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/** How a {@link MeshServer} behaves. Made by {@link #builder()}; every setting has a default. */
public final class MeshServerConfig {

    /** Largest event in bytes that fits into a frame of the protocol together with its header. */
    public static final int MAX_EVENT_SIZE = 4 * 1024 * 1024 - 1024;

    final String host;
    final int port;
    final Path data;
    final long maxMemory;
    final long maxDisk;
    final long maxEvents;
    final int maxEventSize;
    final int window;
    final long windowBytes;
    final Duration ackTimeout;
    final Duration idleTimeout;
    final int tooFastRate;
    final Set<Quirk> quirks;
    final Set<String> droppedGroups;
    final Consumer<String> log;

    private MeshServerConfig(Builder builder) {
        host = builder.host;
        port = builder.port;
        data = builder.data;
        maxMemory = builder.maxMemory > 0 ? builder.maxMemory : defaultMaxMemory();
        maxDisk = builder.maxDisk;
        maxEvents = builder.maxEvents;
        maxEventSize = builder.maxEventSize;
        window = builder.window;
        windowBytes = builder.windowBytes;
        ackTimeout = builder.ackTimeout;
        idleTimeout = builder.idleTimeout;
        tooFastRate = builder.tooFastRate;
        quirks = builder.quirks;
        droppedGroups = builder.droppedGroups;
        log = builder.log;
    }

    /** The defaults: loopback, a free port, in memory, no quirks, messages to standard error. */
    public static Builder builder() {
        return new Builder();
    }

    /** As much as a small heap can bear, too. */
    private static long defaultMaxMemory() {
        return Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);
    }

    /** Collects settings. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port;
        private Path data;
        private long maxMemory;
        private long maxDisk = 8L << 30;
        private long maxEvents = 10_000_000;
        private int maxEventSize = MAX_EVENT_SIZE;
        private int window = 2048;
        private long windowBytes = 16L << 20;
        private Duration ackTimeout = Duration.ofSeconds(30);
        private Duration idleTimeout = Duration.ofSeconds(60);
        private int tooFastRate = 2000;
        private Set<Quirk> quirks = Set.of();
        private Set<String> droppedGroups = Set.of();
        private Consumer<String> log = System.err::println;

        private Builder() {}

        /** Name or address to listen at. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** TCP port to listen at; 0 takes a free one. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** Folder that keeps events and group positions over a restart; null keeps them in memory only. */
        public Builder data(Path data) {
            this.data = data;
            return this;
        }

        /**
         * Bytes of events in memory, of all topics together. Without a data folder publishers wait when they are used
         * up, with one older events are read back from it. A quarter of the heap by default, but no more than 256 MiB.
         */
        public Builder maxMemory(long bytes) {
            this.maxMemory = bytes;
            return this;
        }

        /** Bytes of events in the data folder, of all topics together, before publishers wait. */
        public Builder maxDisk(long bytes) {
            this.maxDisk = bytes;
            return this;
        }

        /** Events that one topic keeps before its publishers wait. */
        public Builder maxEvents(long events) {
            this.maxEvents = events;
            return this;
        }

        /** Largest event in bytes, at most {@link MeshServerConfig#MAX_EVENT_SIZE}. */
        public Builder maxEventSize(int bytes) {
            this.maxEventSize = bytes;
            return this;
        }

        /** Events pushed to a session and not yet acknowledged, at most. */
        public Builder window(int events) {
            this.window = events;
            return this;
        }

        /** Bytes of events pushed to a session and not yet acknowledged; one event may go over it. */
        public Builder windowBytes(long bytes) {
            this.windowBytes = bytes;
            return this;
        }

        /** How long a pushed event may stay unacknowledged before it is pushed again. */
        public Builder ackTimeout(Duration timeout) {
            this.ackTimeout = timeout;
            return this;
        }

        /** How long a client may send nothing, not even a heartbeat, before it is disconnected. */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = timeout;
            return this;
        }

        /** Messages a second that a session may send under {@link Quirk#SEND_TOO_FAST}. */
        public Builder tooFastRate(int messagesPerSecond) {
            this.tooFastRate = messagesPerSecond;
            return this;
        }

        /** Weaknesses of real servers to imitate. */
        public Builder quirks(Quirk... quirks) {
            Set<Quirk> set = EnumSet.noneOf(Quirk.class);
            set.addAll(Set.of(quirks));
            this.quirks = set;
            return this;
        }

        /** Groups to forget at the start, each as {@code topic/group}: events are no longer kept for them. */
        public Builder dropGroups(Set<String> groups) {
            this.droppedGroups = Set.copyOf(groups);
            return this;
        }

        /** Takes the server's few messages, one line each. Called on any of its threads. */
        public Builder log(Consumer<String> log) {
            this.log = log;
            return this;
        }

        public MeshServerConfig build() {
            return new MeshServerConfig(this);
        }
    }
}
