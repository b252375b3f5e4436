package podium.vfs.overlay;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A regular file. Whoever has it open goes on with the copy when there is one: nobody keeps
/// reading what was.
final class OverlayRegular extends OverlayLeaf implements Node.Regular {

    private static final int BUFFER = 1 << 16;

    private volatile int opens;

    /// Whether the layer that has it knows that it is open.
    private boolean held;

    OverlayRegular(
            OverlayFileSystem fs,
            Part<? extends Node> part,
            long number,
            Origins.@Nullable Origin origin) {
        super(fs, part, number, origin);
    }

    private Regular file() {
        return (Regular) current();
    }

    private Regular writable(long most) {
        fs.checkWritable();
        copyUp(most);
        return file();
    }

    @Override
    Node copy(Directory in, String name, long most) {
        var from = file();
        var of = from.attributes();
        var copy = in.create(name, of.mode() & Mode.PERMISSIONS, of.uid(), of.gid());
        // Open already, so that it is one that may be written whatever its mode is.
        copy.opened();
        try {
            long size = Math.min(of.size(), most);
            copy(from, copy, size);
            copy.change(AttributeChange.times(of.accessed(), of.modified()));
        } catch (ErrnoException e) {
            copy.released();
            throw e;
        }
        if (opens == 0) copy.released();
        return copy;
    }

    private static void copy(Regular from, Regular to, long size) {
        var buffer = ByteBuffer.allocate((int) Math.min(size, BUFFER));
        for (long at = data(from, 0, size); at < size; at = data(from, at, size)) {
            buffer.clear().limit((int) Math.min(BUFFER, size - at));
            int count = from.read(buffer, at);
            if (count == 0) break;
            buffer.flip();
            for (long end = at + count; at < end; ) at += to.write(buffer, at);
        }
        if (to.attributes().size() < size) to.truncate(size);
    }

    /// Where the next data is: holes are not copied.
    private static long data(Regular from, long at, long size) {
        if (at >= size) return size;
        try {
            return from.seek(at, true);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) return size;
            throw e;
        }
    }

    @Override
    void discard(@Nullable Node copy) {
        if (opens > 0 && copy instanceof Regular file) file.released();
    }

    @Override
    void copied() {
        if (opens == 0) return;
        if (held && lower() instanceof Regular before) before.released();
        held = true;
    }

    @Override
    void moved(Node before) {
        if (opens == 0) return;
        boolean was = held;
        try {
            file().opened();
            held = true;
        } catch (ErrnoException _) {
            // A lower layer that does not open it now: it may when it is read.
            held = false;
        }
        if (was) ((Regular) before).released();
    }

    @Override
    boolean isOpen() {
        return opens > 0;
    }

    @Override
    public void opened() {
        content.lock();
        try {
            if (opens == 0) {
                file().opened();
                held = true;
            }
            setOpens(opens + 1);
        } finally {
            content.unlock();
        }
    }

    /// Copying waits for the first change.
    @Override
    public void openedForWriting() {
        if (isUpper()) file().openedForWriting();
    }

    @Override
    public void released() {
        content.lock();
        try {
            setOpens(opens - 1);
            if (opens > 0) return;
            if (held) file().released();
            if (links() > 0) return;
            fs.tree.writeLock().lock();
            try {
                freeIfForgotten();
            } finally {
                fs.tree.writeLock().unlock();
            }
        } finally {
            content.unlock();
        }
    }

    private void setOpens(int now) {
        opens = now;
    }

    /// As [OverlayFileSystem#steady], without making an object.
    @Override
    public int read(ByteBuffer into, long position) {
        int start = into.position();
        int at = fs.restores();
        try {
            int count = file().read(into, position);
            if (fs.same(at)) return count;
        } catch (RuntimeException e) {
            if (fs.same(at)) throw e;
        }
        fs.tree.readLock().lock();
        try {
            return file().read(into.position(start), position);
        } finally {
            fs.tree.readLock().unlock();
        }
    }

    @Override
    public int write(ByteBuffer from, long position) {
        fs.checkWritable();
        return from.hasRemaining() ? writable(Long.MAX_VALUE).write(from, position) : 0;
    }

    @Override
    public long append(ByteBuffer from) {
        return writable(Long.MAX_VALUE).append(from);
    }

    @Override
    public void truncate(long size) {
        writable(size).truncate(size);
    }

    @Override
    public void allocate(int mode, long offset, long length) {
        writable(Long.MAX_VALUE).allocate(mode, offset, length);
    }

    @Override
    public long seek(long position, boolean data) {
        return fs.steady(() -> file().seek(position, data));
    }

    @Override
    public @Nullable String sha256() {
        return fs.steady(() -> file().sha256());
    }

    @Override
    public void sync(boolean dataOnly) {
        if (isUpper()) file().sync(dataOnly);
    }
}
