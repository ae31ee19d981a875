package dev.emc.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/** Opens files that behave as on a disk of which so many bytes are free; counts how often they are forced. */
final class SmallDisk implements SinkFile.Opener {

    long free;
    int forced;
    boolean failForce;

    SmallDisk(long free) {
        this.free = free;
    }

    @Override
    public FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
        return new Channel(FileChannel.open(path, options));
    }

    private final class Channel extends FileChannel {

        private final FileChannel to;

        Channel(FileChannel to) {
            this.to = to;
        }

        private int limited(ByteBuffer from, long at) throws IOException {
            if (free == 0 && from.hasRemaining()) {
                throw new IOException("No space left on device");
            }
            int count = (int) Math.min(free, from.remaining());
            ByteBuffer part = from.slice(from.position(), count);
            int written = to.write(part, at);
            from.position(from.position() + written);
            free -= written;
            return written;
        }

        @Override
        public int write(ByteBuffer from, long at) throws IOException {
            return limited(from, at);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            forced++;
            if (failForce) {
                throw new IOException("Input/output error");
            }
            to.force(metaData);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            free += Math.max(0, to.size() - size);
            to.truncate(size);
            return this;
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return to.read(into, at);
        }

        @Override
        public long size() throws IOException {
            return to.size();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return to.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            to.close();
        }

        @Override
        public int read(ByteBuffer into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
