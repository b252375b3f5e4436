package podium.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.FdTable;
import podium.syscall.Grant;
import podium.syscall.OpenFile;

/// A process's descriptors, in an array, and beside it what they allow. Changes take the lock;
/// looking one up takes none. Files are closed after the lock is given back.
final class DescriptorTable implements FdTable {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(OpenFile[].class);

    /// Descriptors beyond it stay; there are no new ones.
    private volatile int limit;
    private volatile @Nullable OpenFile[] files = new OpenFile[16];

    /// As long as the files; written under the lock.
    private volatile @Nullable Grant[] grants = new Grant[16];

    /// Odd while a file or a grant is being changed: who reads both without the lock reads again
    /// when it was odd or is another now. Written under the lock.
    private volatile int changes;

    /// Guarded by this.
    private final BitSet closeOnExec = new BitSet();

    /// No descriptor below it is free. Guarded by this.
    private int firstFree;

    private boolean ended;

    DescriptorTable(int limit) {
        this.limit = limit;
    }

    /// A copy for a child process, with a use of every file.
    synchronized DescriptorTable copy() {
        var copy = new DescriptorTable(limit);
        var mine = files;
        var theirs = Arrays.copyOf(mine, mine.length);
        for (var file : theirs)
            if (file != null && !file.retain())
                throw new IllegalStateException("a closed file in a descriptor table: " + file);
        copy.files = theirs;
        copy.grants = grants.clone();
        copy.closeOnExec.or(closeOnExec);
        copy.firstFree = firstFree;
        return copy;
    }

    private @Nullable OpenFile look(int fd) {
        var files = this.files;
        return fd >= 0 && fd < files.length ? (OpenFile) SLOT.getAcquire(files, fd) : null;
    }

    @Override
    public OpenFile get(int fd) {
        var file = look(fd);
        if (file == null) throw Errno.EBADF.exception();
        return file;
    }

    @Override
    public OpenFile retain(int fd) {
        for (; ; ) {
            var file = look(fd);
            if (file == null) throw Errno.EBADF.exception();
            // Closed in between: then the slot has changed, too.
            if (file.retain()) return file;
        }
    }

    @Override
    public int add(OpenFile file, int from, boolean closeOnExec, @Nullable Grant grant) {
        if (from < 0 || from >= limit) {
            file.release();
            throw Errno.EINVAL.exception();
        }
        synchronized (this) {
            int fd = ended ? limit : free(Math.max(from, firstFree));
            if (fd < limit) {
                if (from <= firstFree) firstFree = fd + 1;
                put(fd, file, closeOnExec, grant);
                return fd;
            }
        }
        file.release();
        throw Errno.EMFILE.exception();
    }

    private int free(int from) {
        int fd = from;
        while (fd < files.length && files[fd] != null) fd++;
        return fd;
    }

    /// @return what was there
    private @Nullable OpenFile put(
            int fd, @Nullable OpenFile file, boolean exec, @Nullable Grant grant) {
        if (fd >= files.length) {
            int length = Math.max(fd + 1, Math.min(limit, files.length * 2));
            grants = Arrays.copyOf(grants, length);
            files = Arrays.copyOf(files, length);
        }
        closeOnExec.set(fd, exec);
        beginChange();
        grants[fd] = grant;
        var before = (OpenFile) SLOT.getAndSet(files, fd, file);
        endChange();
        return before;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void beginChange() {
        changes++;
        VarHandle.storeStoreFence();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void endChange() {
        changes++;
    }

    @Override
    public void set(int fd, OpenFile file, boolean exec) {
        OpenFile before = file;
        boolean fits = fd >= 0 && fd < limit;
        synchronized (this) {
            fits &= !ended;
            if (fits) before = put(fd, file, exec, null);
        }
        if (!fits) {
            file.release();
            throw Errno.EBADF.exception();
        }
        if (before != null) end(before);
    }

    @Override
    public void close(int fd) {
        OpenFile file = null;
        synchronized (this) {
            if (look(fd) != null) file = put(fd, null, false, null);
            if (file != null && fd < firstFree) firstFree = fd;
        }
        if (file == null) throw Errno.EBADF.exception();
        end(file);
    }

    private void end(OpenFile file) {
        file.descriptorClosed(this);
        file.release();
    }

    @Override
    public synchronized boolean closeOnExec(int fd) {
        get(fd);
        return closeOnExec.get(fd);
    }

    @Override
    public synchronized void setCloseOnExec(int fd, boolean exec) {
        get(fd);
        closeOnExec.set(fd, exec);
    }

    @Override
    public @Nullable Grant grant(int fd, OpenFile file) {
        for (; ; ) {
            int before = changes;
            boolean same = look(fd) == file;
            var grant = same ? grants[fd] : null;
            VarHandle.acquireFence();
            if (before == changes && (before & 1) == 0) {
                if (!same) throw Errno.EBADF.exception();
                return grant;
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public synchronized boolean changeGrant(int fd, OpenFile file, @Nullable Grant from, Grant to) {
        if (look(fd) != file) throw Errno.EBADF.exception();
        if (grants[fd] != from) return false;
        beginChange();
        grants[fd] = to;
        endChange();
        return true;
    }

    @Override
    public void move(int from, int to) {
        OpenFile before;
        synchronized (this) {
            var moved = get(from);
            get(to);
            if (from == to) return;
            var grant = grants[from];
            boolean exec = closeOnExec.get(from);
            put(from, null, false, null);
            before = put(to, moved, exec, grant);
            if (from < firstFree) firstFree = from;
        }
        if (before != null) end(before);
    }

    @Override
    public synchronized int[] open() {
        var open = new int[files.length];
        int count = 0;
        for (int fd = 0; fd < files.length; fd++) if (files[fd] != null) open[count++] = fd;
        return Arrays.copyOf(open, count);
    }

    @Override
    public int limit() {
        return limit;
    }

    void setLimit(int limit) {
        this.limit = limit;
    }

    /// execve(2): closes what is marked for it.
    void closeForExec() {
        int[] marked;
        synchronized (this) {
            marked = closeOnExec.stream().toArray();
        }
        for (int fd : marked) if (look(fd) != null) close(fd);
    }

    /// Closes everything; later additions fail.
    void closeAll() {
        synchronized (this) {
            ended = true;
        }
        for (int fd : open()) close(fd);
    }
}
