package dev.emc.file;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Standard input or a pipe: a thread of its own waits for what comes, because nothing else can. */
final class StreamInput implements Closeable {

    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(4);
    private final Path path;
    private final Thread thread;
    private volatile FileChannel channel;
    private volatile IOException failure;
    private byte[] chunk = END;
    private int at;
    private boolean ended;

    /** @param path null for standard input; a pipe is opened once somebody writes to it */
    StreamInput(Path path) {
        this.path = path;
        this.thread = new Thread(this::run, "file-source-input");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            try {
                channel = path == null
                        ? new FileInputStream(FileDescriptor.in).getChannel()
                        : FileChannel.open(path, StandardOpenOption.READ);
                while (channel.read(buffer.clear()) >= 0) {
                    chunks.put(Arrays.copyOf(buffer.array(), buffer.position()));
                }
            } catch (IOException e) {
                failure = e;
            }
            chunks.put(END);
        } catch (InterruptedException e) {
            return; // closed
        }
    }

    /** Whether there is something to read, be it the end. */
    boolean isReady() {
        return at < chunk.length || !ended && !chunks.isEmpty();
    }

    boolean isEnded() {
        return ended;
    }

    /** @return how many bytes; -1 when there are none now */
    int read(byte[] into, int offset, int length) throws IOException {
        if (at == chunk.length) {
            byte[] next = ended ? null : chunks.poll();
            if (next == null) {
                return -1;
            }
            if (next == END) {
                ended = true;
                if (failure != null) {
                    throw failure;
                }
                return -1;
            }
            chunk = next;
            at = 0;
        }
        int n = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, n);
        at += n;
        return n;
    }

    @Override
    public void close() throws IOException {
        thread.interrupt();
        if (channel == null) {
            return; // it waits for a writer and ends with the process
        }
        channel.close();
        try {
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
