package podium.vfs.impl;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A regular file's inode.
final class RegularInode extends Inode implements Node.Regular {

    private volatile Node.Regular node;

    /// Open files that may write.
    private volatile int writers;

    /// How often the mode was changed, and at which of them it was seen without set-id bits.
    private volatile int modes;

    private volatile int plain = -1;

    RegularInode(Mount mount, Node.Regular node, @Nullable Identity identity) {
        super(mount, identity);
        this.node = node;
    }

    @Override
    Node node() {
        return this;
    }

    @Override
    Node.Regular backend() {
        return node;
    }

    @Override
    void exchange(Node node) {
        this.node = (Node.Regular) node;
    }

    /// Whether any open file may write.
    boolean isWritable() {
        return writers > 0;
    }

    @Override
    void modeChanged() {
        MODES.getAndAdd(this, 1);
    }

    /// The content is about to be changed by somebody: what is not the superuser's doing has no
    /// set-id bits afterwards (write(2), truncate(2)).
    void endSetIds(Credentials who) {
        if (Access.superuser(who)) return;
        int mode = modes;
        if (plain == mode) return;
        var now = attributes();
        int kept = Changes.withoutSetIds(now);
        if (kept != (now.mode() & Mode.PERMISSIONS)) change(AttributeChange.mode(kept));
        else if (mount.stable()) plain = mode;
    }

    @Override
    public int read(ByteBuffer into, long position) {
        for (; ; ) {
            int at = mount.exchanges();
            int start = into.position();
            try {
                int count = node.read(into, position);
                if (mount.same(at)) {
                    mount.activity.read(count);
                    return count;
                }
            } catch (RuntimeException e) {
                if (mount.same(at)) throw mount.activity.failed(e);
            }
            into.position(start);
        }
    }

    @Override
    public int write(ByteBuffer from, long position) {
        int length = from.remaining();
        mount.gate.enter();
        try {
            int count = node.write(from, position);
            mount.activity.written(count);
            return count;
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            noteContent(position, length);
            mount.gate.exit();
        }
    }

    @Override
    public long append(ByteBuffer from) {
        int length = from.remaining();
        long end = -1;
        mount.gate.enter();
        try {
            end = node.append(from);
            mount.activity.written(length - from.remaining());
            return end;
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            if (end < 0) noteContent(0, Long.MAX_VALUE);
            else noteContent(end - length, length);
            mount.gate.exit();
        }
    }

    @Override
    public void truncate(long size) {
        mount.gate.enter();
        try {
            node.truncate(size);
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            noteContent(size, Long.MAX_VALUE);
            mount.gate.exit();
        }
    }

    @Override
    public void allocate(int mode, long offset, long length) {
        mount.gate.enter();
        try {
            node.allocate(mode, offset, length);
        } catch (ErrnoException e) {
            throw mount.activity.failed(e);
        } finally {
            noteContent(offset, length);
            mount.gate.exit();
        }
    }

    private void noteContent(long from, long length) {
        var dirty = mount.dirty();
        if (dirty != null) dirty.content(node, Math.max(0, from), length);
    }

    @Override
    public long seek(long position, boolean data) {
        return mount.steady(() -> node.seek(position, data));
    }

    @Override
    public @Nullable String sha256() {
        return mount.steady(() -> node.sha256());
    }

    @Override
    public void sync(boolean dataOnly) {
        mount.steadySync(() -> node.sync(dataOnly));
    }

    @Override
    public void opened() {
        node.opened();
    }

    @Override
    public void openedForWriting() {
        mount.gate.enter();
        try {
            node.openedForWriting();
            WRITERS.getAndAdd(this, 1);
        } finally {
            mount.gate.exit();
        }
    }

    /// An open file that may write is closed.
    void closedForWriting() {
        WRITERS.getAndAdd(this, -1);
    }

    @Override
    public void released() {
        node.released();
    }

    private static final VarHandle WRITERS = counter("writers");
    private static final VarHandle MODES = counter("modes");

    private static VarHandle counter(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(RegularInode.class, field, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
