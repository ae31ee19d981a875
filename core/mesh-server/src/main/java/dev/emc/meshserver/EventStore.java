package dev.emc.meshserver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStore.TxCounter;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * Keeps events and group positions in one file of a data folder, in H2's MVStore.
 *
 * <p>A batch is one commit followed by one fsync, and it counts only after both: what was answered survives the end of
 * the process and a power failure, provided the disk keeps what fsync was told to keep. A commit that was cut off is
 * dropped whole when the file is opened again. Each commit is forced before the next one begins, because the next one may
 * write over what the last forced one still needs.
 *
 * <p>Events are stored in blocks, the key being the number of the first event, so that a commit of many small events
 * touches few pages.
 */
final class EventStore implements Storage, AutoCloseable {

    private static final String FILE = "mesh.mv";
    private static final String FORMAT = "1";
    private static final String EVENTS = "events/";
    /** Bytes in a block, roughly: MVStore writes the last block before a commit's first one a second time. */
    private static final int BLOCK = 64 * 1024;
    private static final int CACHE_MEBIBYTES = 4;
    /** Disk space that stays free for positions and deletions when new events are no longer taken. */
    private static final long RESERVE = 64L << 20;
    /** Without so much free space on the disk, or so much within the file, nothing is written. */
    private static final long LEAST_FREE = 1L << 20;
    private static final long LEAST_FREE_IN_FILE = 8L << 20;
    private static final long FULL_RETRY_MILLIS = 200;
    private static final long CHECK_DISK_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final int VERSIONS_TO_KEEP = 5;
    private static final int COMPACT_EVERY_COMMITS = 16;
    /** Share of live bytes, in percent, under which old parts of the file are written together. */
    private static final int COMPACT_UNDER = 50;
    private static final long COMPACT_FROM = 64L << 20;
    private static final int COMPACT_BYTES = 4 << 20;

    private final Path folder;
    /** Bytes that are free on the disk. */
    private final LongSupplier free;
    private final MVStore store;
    private final MVMap<String, Long> ends;
    private final MVMap<String, Long> sizes;
    /** Key: {@code topic/group}, the topic's length before it. */
    private final MVMap<String, Long> positions;
    /** Changes when there has to be a commit although nothing else has changed. */
    private final MVMap<String, Long> turns;
    private final Map<String, MVMap<Long, byte[]>> events = new HashMap<>();
    private final Executor answers;
    private final Consumer<String> log;
    private final Consumer<MeshServerException> failed;
    private final ExecutorService writer = thread("emc-mesh-store");
    private final ExecutorService reader = thread("emc-mesh-read");
    private int commits;
    /** On the broker's thread. */
    private long lastCheck = System.nanoTime();
    private volatile boolean low;
    private volatile boolean closing;

    private EventStore(Path folder, LongSupplier free, MVStore store, Executor answers, Consumer<String> log,
            Consumer<MeshServerException> failed) {
        this.folder = folder;
        this.free = free;
        this.store = store;
        this.answers = answers;
        this.log = log;
        this.failed = failed;
        ends = store.openMap("ends", numbers());
        sizes = store.openMap("sizes", numbers());
        positions = store.openMap("positions", numbers());
        turns = store.openMap("turns", numbers());
        checkDisk();
    }

    /**
     * Opens or creates the store of a data folder and locks it.
     *
     * @param answers runs the callbacks of {@link #write} and {@link #read}
     * @param failed told when the disk fails; nothing is written after that
     */
    static EventStore open(Path folder, Executor answers, Consumer<String> log, Consumer<MeshServerException> failed)
            throws MeshServerException {
        return open(folder, folder.toFile()::getUsableSpace, answers, log, failed);
    }

    /** @param free bytes that are free on the disk */
    static EventStore open(Path folder, LongSupplier free, Executor answers, Consumer<String> log,
            Consumer<MeshServerException> failed) throws MeshServerException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new MeshServerException("The data folder " + folder + " can't be made (" + reason(e)
                    + "): name one that can be written to with --data.", e);
        }
        Path file = folder.resolve(FILE);
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new MeshServerException("The file " + file + " can't be written to: give this user the right to.", null);
        }
        MVStore store;
        try {
            store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().autoCommitBufferSize(0)
                    .cacheSize(CACHE_MEBIBYTES).open();
        } catch (MVStoreException e) {
            throw unusable(folder, file, e);
        }
        try {
            store.setRetentionTime(0);
            store.setVersionsToKeep(VERSIONS_TO_KEEP);
            MVMap<String, String> mark = store.openMap("emc-mesh",
                    new MVMap.Builder<String, String>().keyType(StringDataType.INSTANCE).valueType(StringDataType.INSTANCE));
            String format = mark.putIfAbsent("format", FORMAT);
            if (format != null && !format.equals(FORMAT)) {
                store.closeImmediately();
                throw new MeshServerException("The data folder " + folder + " has format " + format + ", and this emc-mesh"
                        + " knows format " + FORMAT + " only: use the emc-mesh that wrote it, or another folder.", null);
            }
            EventStore opened = new EventStore(folder, free, store, answers, log, failed);
            store.commit();
            store.sync();
            forceName(folder);
            return opened;
        } catch (MVStoreException e) {
            store.closeImmediately();
            throw unusable(folder, file, e);
        }
    }

    private static MeshServerException unusable(Path folder, Path file, MVStoreException e) {
        if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
            return new MeshServerException("The data folder " + folder
                    + " is in use by another emc-mesh: stop that one, or name another folder with --data.", e);
        }
        if (e.getErrorCode() == DataUtils.ERROR_WRITING_FAILED) {
            return new MeshServerException("The file " + file + " can't be written ("
                    + cause(e)
                    + "): look at the disk, and start again; what is in it is kept.", e);
        }
        return new MeshServerException("The file " + file + " is damaged or not of emc-mesh: put a copy of it back, or move"
                + " it away to begin with nothing.", e);
    }

    private static String cause(RuntimeException e) {
        return e.getCause() instanceof IOException cause ? reason(cause) : e.getMessage();
    }

    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "it is a file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        return e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
    }

    /** A new file's name has to be on the disk too. */
    private static void forceName(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // not every system can open a folder; those that can't keep the name by themselves
        }
    }

    private static MVMap.Builder<String, Long> numbers() {
        return new MVMap.Builder<String, Long>().keyType(StringDataType.INSTANCE).valueType(LongDataType.INSTANCE);
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Forgets groups, each given as {@code topic/group}. Before {@link #restore} only. */
    void drop(Set<String> groups) {
        for (String key : List.copyOf(positions.keySet())) {
            if (groups.contains(topicOf(key) + "/" + groupOf(key))) {
                positions.remove(key);
            }
        }
    }

    /** Tells the broker what is kept. */
    void restore(Broker broker) {
        Map<String, Map<String, Long>> groups = new HashMap<>();
        positions.forEach((key, position) -> groups.computeIfAbsent(topicOf(key), topic -> new HashMap<>())
                .put(groupOf(key), position));
        groups.keySet().forEach(topic -> ends.putIfAbsent(topic, 0L));
        ends.forEach((topic, end) -> {
            Long first = events(topic).firstKey();
            broker.restore(topic, first == null ? end : first, end, sizes.getOrDefault(topic, 0L),
                    groups.getOrDefault(topic, Map.of()));
        });
    }

    private static String key(String topic, String group) {
        return topic.length() + "/" + topic + "/" + group;
    }

    private static String topicOf(String key) {
        int start = key.indexOf('/') + 1;
        return key.substring(start, start + Integer.parseInt(key.substring(0, start - 1)));
    }

    private static String groupOf(String key) {
        int start = key.indexOf('/') + 1;
        return key.substring(start + Integer.parseInt(key.substring(0, start - 1)) + 1);
    }

    private synchronized MVMap<Long, byte[]> events(String topic) {
        return events.computeIfAbsent(topic, name -> store.openMap(EVENTS + name,
                new MVMap.Builder<Long, byte[]>().keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE)));
    }

    @Override
    public void write(Batch batch, Runnable done) {
        writer.execute(() -> {
            try {
                if (!awaitRoom(batch)) {
                    return;
                }
                batch.changes.values().forEach(this::apply);
                store.commit();
                store.sync();
                checkDisk();
                if (++commits % COMPACT_EVERY_COMMITS == 0) {
                    compact();
                }
                answers.execute(done);
            } catch (RuntimeException e) {
                failed.accept(unwritable(e));
            }
        });
    }

    /**
     * A write that fails would be the end of this store, so on a full disk it waits.
     *
     * @return false when the store was closed before there was room
     */
    private boolean awaitRoom(Batch batch) {
        while (!room(batch.bytes)) {
            tell(true);
            if (closing) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FULL_RETRY_MILLIS));
        }
        return true;
    }

    /** @param bytes of new events; without any the gaps in the file will do */
    private boolean room(long bytes) {
        return free.getAsLong() >= LEAST_FREE + 2 * bytes || bytes == 0 && freeInFile() >= LEAST_FREE_IN_FILE;
    }

    private long freeInFile() {
        return store.getFileStore().size() / 100 * (100 - store.getFileStore().getFillRate());
    }

    @Override
    public boolean full() {
        return free.getAsLong() < LEAST_FREE;
    }

    private MeshServerException unwritable(RuntimeException e) {
        return new MeshServerException("The data folder " + folder + " can't be written any more (" + cause(e)
                + "): events that were answered are safe; mend the disk and start again.", e);
    }

    private void apply(Batch.Change change) {
        MVMap<Long, byte[]> map = events(change.topic);
        long size = sizes.getOrDefault(change.topic, 0L);
        long offset = change.from;
        for (int i = 0; i < change.events.size();) {
            int bytes = 0;
            int end = i;
            while (end < change.events.size() && (end == i || bytes + change.events.get(end).length <= BLOCK)) {
                bytes += change.events.get(end++).length + Integer.BYTES;
            }
            map.put(offset + i, block(change.events.subList(i, end), bytes));
            size += bytes + (long) (end - i) * (Topic.OVERHEAD - Integer.BYTES);
            i = end;
        }
        if (!change.events.isEmpty()) {
            ends.put(change.topic, offset + change.events.size());
        }
        change.positions.forEach((group, position) -> positions.put(key(change.topic, group), position));
        if (change.trimBefore >= 0) {
            change.freed = delete(map, change.topic, change.trimBefore);
            size -= change.freed;
        }
        if (size != sizes.getOrDefault(change.topic, 0L)) {
            sizes.put(change.topic, size);
        }
    }

    /** Deletes the blocks that hold nothing but events before this one. */
    private long delete(MVMap<Long, byte[]> map, String topic, long before) {
        long freed = 0;
        for (Long first = map.firstKey(); first != null && first < before; first = map.firstKey()) {
            Long next = map.higherKey(first);
            if ((next == null ? ends.get(topic) : next) > before) {
                break;
            }
            byte[] block = map.remove(first);
            long count = (next == null ? ends.get(topic) : next) - first;
            freed += block.length + count * (Topic.OVERHEAD - Integer.BYTES);
        }
        return freed;
    }

    private static byte[] block(List<byte[]> events, int bytes) {
        ByteBuffer block = ByteBuffer.allocate(bytes);
        for (byte[] event : events) {
            block.putInt(event.length).put(event);
        }
        return block.array();
    }

    private void checkDisk() {
        tell(free.getAsLong() + freeInFile() < RESERVE);
    }

    private void tell(boolean now) {
        if (now != low) {
            low = now;
            log.accept(now
                    ? "The disk of the data folder " + folder + " is full: publishers wait until there is room again."
                    : "The disk of the data folder " + folder + " has room again.");
        }
    }

    /** What was deleted becomes free only some commits later, and with no new events there might be none. */
    private void makeRoom() {
        try {
            for (int i = 0; i <= VERSIONS_TO_KEEP + 2 && room(0); i++) {
                turns.put("turn", turns.getOrDefault("turn", 0L) + 1);
                store.commit();
                store.sync();
            }
            checkDisk();
        } catch (RuntimeException e) {
            failed.accept(unwritable(e));
        }
    }

    /** Gives back space that groups which were behind for long have left in the file; a little at a time. */
    private void compact() {
        RandomAccessStore file = (RandomAccessStore) store.getFileStore();
        if (file.size() < COMPACT_FROM || !room(COMPACT_BYTES)) {
            return;
        }
        if (file.getChunksFillRate() < COMPACT_UNDER) {
            store.compact(COMPACT_UNDER, COMPACT_BYTES);
            store.sync();
        }
        if (file.getFillRate() < COMPACT_UNDER) {
            file.compactMoveChunks(COMPACT_UNDER, COMPACT_BYTES, store);
            store.sync();
        }
    }

    @Override
    public boolean low() {
        if (low && System.nanoTime() - lastCheck > CHECK_DISK_EVERY) {
            lastCheck = System.nanoTime();
            writer.execute(this::makeRoom);
        }
        return low;
    }

    @Override
    public void read(String topic, long from, int maxBytes, Consumer<List<byte[]>> done) {
        reader.execute(() -> {
            // while this is held, the pages that are being read are not written over
            TxCounter version = store.registerVersionUsage();
            try {
                MVMap<Long, byte[]> map = events(topic);
                List<byte[]> read = read(map, from, maxBytes);
                Long oldest = map.firstKey();
                if (read.isEmpty() && oldest != null && oldest <= from) {
                    throw new IllegalStateException("event " + from + " of topic " + topic + " is missing");
                }
                answers.execute(() -> done.accept(read));
            } catch (RuntimeException e) {
                failed.accept(new MeshServerException("The data folder " + folder + " can't be read any more ("
                        + cause(e) + "): put a copy of it back, or begin with an empty one.", e));
            } finally {
                store.deregisterVersionUsage(version);
            }
        });
    }

    private static List<byte[]> read(MVMap<Long, byte[]> map, long from, int maxBytes) {
        List<byte[]> read = new ArrayList<>();
        int bytes = 0;
        for (Long first = map.floorKey(from); first != null; first = map.higherKey(first)) {
            byte[] bytesOfBlock = map.get(first);
            if (bytesOfBlock == null) {
                return read; // deleted in this moment
            }
            ByteBuffer block = ByteBuffer.wrap(bytesOfBlock);
            for (long offset = first; block.hasRemaining(); offset++) {
                int length = block.getInt();
                if (offset < from) {
                    block.position(block.position() + length);
                    continue;
                }
                if (bytes + length > maxBytes && !read.isEmpty()) {
                    return read;
                }
                byte[] event = new byte[length];
                block.get(event);
                read.add(event);
                bytes += length;
            }
        }
        return read;
    }

    /** Ends after what is being written. */
    @Override
    public void close() {
        closing = true;
        reader.shutdown();
        writer.shutdown();
        try {
            boolean ended = reader.awaitTermination(10, TimeUnit.SECONDS) && writer.awaitTermination(10, TimeUnit.SECONDS);
            if (ended && !store.isClosed()) {
                compact();
                store.sync();
                store.close();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (MVStoreException e) {
            log.accept("The data folder " + folder + " could not be closed well (" + e.getMessage()
                    + "); nothing that was answered is lost.");
        }
        store.closeImmediately();
    }
}
