package podium.vfs.host;

import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// The descriptors of a file system: those of open files, which stay, and some of directories used
/// lately, which go when there are too many. What a guest does uses up neither the process's
/// descriptors nor other mounts' share of them: beyond its share is `ENFILE`. Thread-safe.
final class Descriptors {

    /// Opens something of the host's.
    @FunctionalInterface
    interface Opener {
        int open();
    }

    private static final int MOST_KEPT = 256;
    private static final int MOST_OF_A_MOUNT = 65_536;

    /// Half of what the process may have is for others in it, and each mount gets a quarter of the
    /// rest.
    private static final class Limit {
        static final int ALL = Math.clamp(Linux.descriptorLimit() / 2, 16, Integer.MAX_VALUE / 2);
        static final int ONE = Math.clamp(ALL / 4, 8, MOST_OF_A_MOUNT);
    }

    private static final AtomicInteger OPEN_BY_ALL = new AtomicInteger();

    private final AtomicInteger open = new AtomicInteger();
    private final Set<Descriptor> all = ConcurrentHashMap.newKeySet();

    /// What can be closed, in the order to look at it: used since then, it gets another chance.
    private final ArrayDeque<Descriptor> kept = new ArrayDeque<>();

    private final int most;
    private volatile IntConsumer closer = Linux::close;
    private boolean closed;

    Descriptors() {
        this(Limit.ONE);
    }

    /// @param most descriptors at once
    Descriptors(int most) {
        this.most = most;
    }

    /// Descriptors open at present, of this file system.
    int open() {
        return open.get();
    }

    /// Opens something, in use by the caller.
    ///
    /// @param writable whether for writing
    /// @throws podium.syscall.ErrnoException the opener's, or `ENFILE`
    Descriptor open(boolean writable, Opener opener) {
        reserve();
        int number = -1;
        try {
            number = number(opener);
        } finally {
            if (number < 0) gone();
        }
        return new Descriptor(number, writable, writable ? this::closeWritable : this::close);
    }

    private void close(int number) {
        Linux.close(number);
        gone();
    }

    private void closeWritable(int number) {
        closer.accept(number);
        gone();
    }

    /// Sets what closes those that may write, which the host's watchers hear of.
    void setCloser(IntConsumer closer) {
        this.closer = closer;
    }

    private void reserve() {
        open.incrementAndGet();
        OPEN_BY_ALL.incrementAndGet();
        while (open.get() > most || OPEN_BY_ALL.get() > Limit.ALL) {
            if (evict()) continue;
            gone();
            throw Errno.ENFILE.exception();
        }
    }

    private void gone() {
        open.decrementAndGet();
        OPEN_BY_ALL.decrementAndGet();
    }

    private int number(Opener opener) {
        for (; ; ) {
            try {
                return opener.open();
            } catch (ErrnoException e) {
                boolean full = e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE;
                if (!full) throw e;
                if (!evict()) throw Errno.ENFILE.exception();
            }
        }
    }

    /// Lets a descriptor stay open until it is ended, or the file system is closed.
    Descriptor stay(Descriptor descriptor) {
        synchronized (kept) {
            if (closed) descriptor.end();
            else all.add(descriptor);
        }
        return descriptor;
    }

    /// Ends what stayed.
    void end(Descriptor descriptor) {
        all.remove(descriptor);
        descriptor.end();
    }

    /// Lets a descriptor stay open while there is room.
    Descriptor keep(Descriptor descriptor) {
        stay(descriptor);
        descriptor.recent = true;
        boolean full;
        synchronized (kept) {
            kept.add(descriptor);
            full = kept.size() > MOST_KEPT;
        }
        if (full) evict();
        return descriptor;
    }

    /// No longer closes a descriptor for the sake of others.
    ///
    /// @return false when that has happened already
    boolean pin(Descriptor descriptor) {
        synchronized (kept) {
            kept.remove(descriptor);
            return all.contains(descriptor);
        }
    }

    /// Closes whatever could be closed for the sake of others.
    void shrink() {
        synchronized (kept) {
            for (var next = kept.poll(); next != null; next = kept.poll()) end(next);
        }
    }

    /// @return false when nothing could be closed
    private boolean evict() {
        synchronized (kept) {
            for (var next = kept.poll(); next != null; next = kept.poll()) {
                boolean ended = !all.contains(next);
                if (ended) continue;
                if (next.recent) {
                    next.recent = false;
                    kept.add(next);
                    continue;
                }
                end(next);
                return true;
            }
            return false;
        }
    }

    /// Closes everything, with its last use.
    void close() {
        synchronized (kept) {
            closed = true;
            kept.clear();
        }
        for (var descriptor : all) end(descriptor);
    }
}
