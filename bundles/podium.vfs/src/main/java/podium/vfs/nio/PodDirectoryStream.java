package podium.vfs.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.LinuxString;
import podium.syscall.OpenFile;

/// A directory's entries, read as they are asked for. What comes and goes meanwhile may be seen or
/// not; everything else is seen once.
final class PodDirectoryStream implements DirectoryStream<Path>, Iterator<Path> {

    private static final int RECORD_LENGTH = 16;
    private static final int NAME = 19;

    private final PodPath directory;
    private final OpenFile file;
    private final Filter<? super Path> filter;

    /// Records of `linux_dirent64` not looked at yet.
    private final ByteBuffer records =
            ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN).limit(0);

    private @Nullable Path next;
    private boolean begun;
    private boolean ended;
    private boolean closed;

    /// @param file the open directory, whose use is taken over
    PodDirectoryStream(PodPath directory, OpenFile file, Filter<? super Path> filter) {
        this.directory = directory;
        this.file = file;
        this.filter = filter;
    }

    @Override
    public synchronized Iterator<Path> iterator() {
        if (closed) throw new IllegalStateException("the stream is closed");
        if (begun) throw new IllegalStateException("the iterator was taken already");
        begun = true;
        return this;
    }

    @Override
    public synchronized boolean hasNext() {
        if (next != null) return true;
        try {
            while (next == null && !ended) {
                var name = closed ? null : read();
                var entry = name == null ? null : directory.child(name);
                if (entry == null) ended = true;
                else if (filter.accept(entry)) next = entry;
            }
        } catch (IOException e) {
            ended = true;
            throw new DirectoryIteratorException(e);
        }
        return next != null;
    }

    @Override
    public synchronized Path next() {
        if (!hasNext() || next == null) throw new NoSuchElementException();
        var found = next;
        next = null;
        return found;
    }

    private @Nullable String read() throws IOException {
        for (; ; ) {
            if (!records.hasRemaining() && !fill()) return null;
            int start = records.position();
            int length = Short.toUnsignedInt(records.getShort(start + RECORD_LENGTH));
            int end = start + NAME;
            while (records.get(end) != 0) end++;
            var bytes = new byte[end - start - NAME];
            records.get(start + NAME, bytes).position(start + length);
            var name = LinuxString.decode(bytes);
            if (!name.equals(".") && !name.equals("..")) return name;
        }
    }

    private boolean fill() throws IOException {
        directory.getFileSystem().checkOpen();
        int count = file.readDirectory(records.clear());
        // A directory that was removed meanwhile has no entries.
        if (count == Errno.ENOENT.negated()) count = 0;
        if (count < 0) {
            var unused = Failures.checked(directory.getFileSystem(), count);
        }
        records.position(0).limit(count);
        return count > 0;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        directory.getFileSystem().closed(this);
        file.release();
    }
}
