package podium.kernel.object;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.GuestMemory;
import podium.syscall.KernelObjects.Epoll;
import podium.syscall.OpenFile;
import podium.syscall.Pollable.Watcher;
import podium.vfs.Mode;

/// epoll(7). A registration whose file may have become ready is in a queue; taking events looks at
/// each, and what is level-triggered and still ready goes to the queue's end.
///
/// Thread-safe; the lock guards registrations and is held while files are asked for readiness.
final class EpollFile extends Epoll {

    static final int EPOLLET = 1 << 31;
    static final int EPOLLONESHOT = 1 << 30;
    private static final int EVENTS = 0x3fff;

    /// How deep instances may watch one another (epoll_ctl(2), ELOOP).
    private static final int MAX_DEPTH = 5;

    /// Bytes of struct epoll_event.
    private static final int SIZE = 16;

    private final ConcurrentLinkedQueue<Registration> ready = new ConcurrentLinkedQueue<>();

    /// Guarded by this.
    private final Map<Key, Registration> registrations = new HashMap<>();

    /// What one call found ready and will look at the next time, too; kept empty in between, so
    /// that a call makes no list. Guarded by this.
    private final ArrayList<Registration> again = new ArrayList<>();

    private record Key(int fd, OpenFile file) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key k && k.fd == fd && k.file == file;
        }

        @Override
        public int hashCode() {
            return fd * 31 + System.identityHashCode(file);
        }
    }

    private final class Registration implements Watcher {

        private static final VarHandle QUEUED;

        static {
            try {
                QUEUED =
                        MethodHandles.lookup()
                                .findVarHandle(Registration.class, "queued", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        final OpenFile file;

        /// Guarded by the instance, as the rest.
        int events;

        long data;

        /// After a one-shot event, until it is modified.
        boolean disabled;

        boolean removed;

        @SuppressWarnings("unused") // through QUEUED
        private volatile boolean queued;

        Registration(OpenFile file) {
            this.file = file;
        }

        void enqueue() {
            if (QUEUED.compareAndSet(this, false, true)) ready.add(this);
        }

        /// Before looking at readiness: what changes afterwards queues it again.
        void dequeued() {
            QUEUED.setVolatile(this, false);
        }

        int current() {
            if (removed || disabled) return 0;
            return file.readiness() & (events & EVENTS | ERR | HUP);
        }

        @Override
        public void changed(int hint) {
            enqueue();
            watchers.wake(IN);
        }
    }

    @Override
    public void add(int fd, OpenFile file, int events, long data) {
        int type = Mode.type(file.attributes().mode());
        if (type == Mode.REGULAR || type == Mode.DIRECTORY) throw Errno.EPERM.exception();
        if (file == this) throw Errno.EINVAL.exception();
        if (file instanceof EpollFile inner && inner.depth(this) >= MAX_DEPTH)
            throw Errno.ELOOP.exception();
        var registration = new Registration(file);
        synchronized (this) {
            forgetClosed(fd);
            if (registrations.putIfAbsent(new Key(fd, file), registration) != null)
                throw Errno.EEXIST.exception();
            registration.events = events;
            registration.data = data;
        }
        file.watch(registration);
        offer(registration);
    }

    @Override
    public void modify(int fd, OpenFile file, int events, long data) {
        Registration registration;
        synchronized (this) {
            registration = registrations.get(new Key(fd, file));
            if (registration == null) throw Errno.ENOENT.exception();
            registration.disabled = false;
            registration.events = events;
            registration.data = data;
        }
        offer(registration);
    }

    @Override
    public void remove(int fd, OpenFile file) {
        Registration registration;
        synchronized (this) {
            registration = registrations.remove(new Key(fd, file));
            if (registration == null) throw Errno.ENOENT.exception();
            registration.removed = true;
        }
        file.unwatch(registration);
    }

    private void offer(Registration registration) {
        int now;
        synchronized (this) {
            now = registration.current();
        }
        if (now != 0) registration.changed(now);
    }

    /// A descriptor's number comes back with another file; registrations of a closed one have gone
    /// with it.
    private void forgetClosed(int fd) {
        registrations
                .entrySet()
                .removeIf(e -> e.getKey().fd == fd && isClosed(e.getKey().file, e.getValue()));
    }

    private static boolean isClosed(OpenFile file, Registration registration) {
        if (file.retain()) {
            file.release();
            return false;
        }
        registration.removed = true;
        file.unwatch(registration);
        return true;
    }

    /// How many instances deep this one looks; the maximum when it looks at the given one.
    private int depth(EpollFile outer) {
        if (this == outer) return MAX_DEPTH;
        int depth = 0;
        for (var file : watched())
            if (file instanceof EpollFile inner) depth = Math.max(depth, inner.depth(outer));
        return depth + 1;
    }

    private synchronized ArrayList<OpenFile> watched() {
        var files = new ArrayList<OpenFile>();
        for (var registration : registrations.values()) files.add(registration.file);
        return files;
    }

    @Override
    public int take(GuestMemory memory, int address, int limit) {
        if (limit <= 0) throw Errno.EINVAL.exception();
        synchronized (this) {
            int most = Math.min(limit, Math.max(registrations.size(), 1));
            memory.slice(address, most * SIZE); // EFAULT before anything is taken
            int taken = 0;
            while (taken < most) {
                var registration = ready.poll();
                if (registration == null) break;
                registration.dequeued();
                int events = current(registration);
                if (events == 0) continue;
                int at = address + taken++ * SIZE;
                memory.putInt(at, events);
                memory.putInt(at + 4, 0);
                memory.putLong(at + 8, registration.data);
                if ((registration.events & EPOLLONESHOT) != 0) registration.disabled = true;
                else if ((registration.events & EPOLLET) == 0) again.add(registration);
            }
            for (var registration : again) registration.enqueue();
            again.clear();
            return taken;
        }
    }

    /// Its readiness, unless the file was closed since.
    private int current(Registration registration) {
        var file = registration.file;
        if (!file.retain()) {
            registration.removed = true;
            registrations.values().remove(registration);
            return 0;
        }
        try {
            return registration.current();
        } finally {
            file.release();
        }
    }

    @Override
    public int readiness() {
        synchronized (this) {
            for (Registration first; (first = ready.peek()) != null; ) {
                if (current(first) != 0) return IN;
                // Look once more after leaving the queue: it may have become ready in between.
                if (!ready.remove(first)) continue;
                first.dequeued();
                if (current(first) != 0) first.enqueue();
            }
            return 0;
        }
    }

    @Override
    protected void closed() {
        synchronized (this) {
            for (var registration : registrations.values()) {
                registration.removed = true;
                registration.file.unwatch(registration);
            }
            registrations.clear();
            ready.clear();
        }
        watchers.wake(HUP);
    }
}
