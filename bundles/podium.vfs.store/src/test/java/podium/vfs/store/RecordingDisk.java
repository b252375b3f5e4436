package podium.vfs.store;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A disk in memory that keeps what was done to it, so that a crash at any moment can be tried.
final class RecordingDisk implements Disk {

    final List<Step> steps = new ArrayList<>();
    private final Map<String, Content> names = new TreeMap<>();

    /// Bytes there is room for.
    long capacity = Long.MAX_VALUE;

    /// What every force does, if anything.
    @Nullable IOException failure;

    /// How long every force takes, in milliseconds.
    int delay;

    int opened;

    /// A file's bytes; its identity, not its name, is what is written to.
    static final class Content {

        byte[] bytes = {};
        int size;

        void write(long position, byte[] more, int from, int to) {
            int end = (int) position + to;
            if (end > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
            System.arraycopy(more, from, bytes, (int) position + from, to - from);
            size = Math.max(size, end);
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, size);
        }
    }

    /// Something that was done.
    sealed interface Step {

        record Create(String name, Content file) implements Step {}

        record Write(Content file, long position, byte[] bytes) implements Step {}

        record Delete(String name) implements Step {}

        record Rename(String from, String to) implements Step {}

        record Force(Content file) implements Step {}

        record ForceNames() implements Step {}
    }

    RecordingDisk() {}

    /// A disk with files.
    RecordingDisk(Map<String, byte[]> files) {
        files.forEach(
                (name, bytes) -> {
                    var content = new Content();
                    content.write(0, bytes, 0, bytes.length);
                    names.put(name, content);
                });
    }

    /// The files as they are, forced or not.
    synchronized Map<String, byte[]> files() {
        var files = new TreeMap<String, byte[]>();
        names.forEach((name, content) -> files.put(name, content.copy()));
        return files;
    }

    /// The files by their names, to follow what is written to them.
    synchronized Map<String, Content> contents() {
        return new TreeMap<>(names);
    }

    /// Whether the process that uses it is killed at a step, which does not happen any more.
    int end = Integer.MAX_VALUE;

    private void alive() throws IOException {
        if (steps.size() >= end) throw new IOException("killed");
    }

    private void did(Step step) {
        steps.add(step);
    }

    private void space(long more) throws NoSpaceException {
        if (more > usable()) throw new NoSpaceException("No space left on device");
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        var content = names.get(name);
        if (content == null) throw new FileNotFoundException(name);
        opened++;
        return new Open(content);
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        alive();
        space(1);
        var content = new Content();
        names.put(name, content);
        did(new Step.Create(name, content));
        opened++;
        return new Open(content);
    }

    @Override
    public synchronized List<String> list() {
        return new ArrayList<>(names.keySet());
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        alive();
        if (names.remove(name) == null) throw new FileNotFoundException(name);
        did(new Step.Delete(name));
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        alive();
        var content = names.remove(from);
        if (content == null) throw new FileNotFoundException(from);
        names.put(to, content);
        did(new Step.Rename(from, to));
    }

    @Override
    public synchronized void force() throws IOException {
        alive();
        did(new Step.ForceNames());
    }

    @Override
    public synchronized long usable() {
        long used = 0;
        for (var content : names.values()) used += content.size;
        return Math.max(0, capacity - used);
    }

    @Override
    public void close() {}

    private final class Open implements DiskFile {

        private final Content content;

        Open(Content content) {
            this.content = content;
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            synchronized (RecordingDisk.this) {
                if (position + into.remaining() > content.size) throw new EOFException();
                into.put(content.bytes, (int) position, into.remaining());
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (RecordingDisk.this) {
                alive();
                long end = position + from.remaining();
                space(Math.max(0, end - content.size));
                var bytes = new byte[from.remaining()];
                from.get(bytes);
                content.write(position, bytes, 0, bytes.length);
                did(new Step.Write(content, position, bytes));
            }
        }

        @Override
        public long size() {
            synchronized (RecordingDisk.this) {
                return content.size;
            }
        }

        @Override
        public void force() throws IOException {
            try {
                if (delay > 0) Thread.sleep(delay);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            synchronized (RecordingDisk.this) {
                alive();
                if (failure != null) throw failure;
                did(new Step.Force(content));
            }
        }

        @Override
        public void close() {
            synchronized (RecordingDisk.this) {
                opened--;
            }
        }
    }
}
