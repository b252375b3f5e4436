package podium.syscall.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.AnonymousFile;
import podium.syscall.Errno;
import podium.syscall.LinuxString;
import podium.syscall.Pollable;
import podium.syscall.Task;
import podium.vfs.FileWatcher;
import podium.vfs.Location;
import podium.vfs.Node;

/// An inotify(7) instance: watches, and the events that wait to be read. Its monitor guards both;
/// events come with locks of the VFS held, so that nothing of the VFS is called under it.
final class Inotify extends AnonymousFile {

    static final int MASK_ADD = 0x2000_0000;
    static final int MASK_CREATE = 0x1000_0000;

    private static final int ONESHOT = 0x8000_0000;
    private static final int EXCL_UNLINK = 0x0400_0000;
    private static final int ALL = 0xfff;
    private static final int UNASKED =
            FileWatcher.IGNORED | FileWatcher.UNMOUNT | FileWatcher.IS_DIRECTORY;
    private static final int MOST_EVENTS = 16_384;
    private static final int MOST_WATCHES = 65_536;
    private static final int HEADER = 16;
    private static final int FIONREAD = 0x541b;
    private static final byte[] NO_NAME = {};
    private static final Event LOST = new Event(-1, FileWatcher.OVERFLOW, 0, NO_NAME);

    private final Map<Integer, Watch> watches = new HashMap<>();
    private final Map<Node, Watch> byNode = new HashMap<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();

    /// Watches that have told their only event, and are still to be ended.
    private final ArrayDeque<Watch> spent = new ArrayDeque<>();

    private int last;

    Inotify(int flags) {
        super(flags, "inotify");
    }

    /// An event in the queue.
    ///
    /// @param name padded with at least one NUL, or empty
    private record Event(int watch, int mask, int cookie, byte[] name) {

        int size() {
            return HEADER + name.length;
        }

        boolean same(Event other) {
            return watch == other.watch
                    && mask == other.mask
                    && cookie == other.cookie
                    && java.util.Arrays.equals(name, other.name);
        }
    }

    /// One watched inode.
    private final class Watch implements FileWatcher {

        final int number;
        final Location place;
        final Node node;
        volatile int mask;

        Watch(int number, Location place, int mask) {
            this.number = number;
            this.place = place;
            this.node = place.node();
            this.mask = mask;
        }

        @Override
        public void event(int event, int cookie, @Nullable String name) {
            if (event == OVERFLOW) {
                queue(LOST);
                return;
            }
            if ((event & ~FileWatcher.IS_DIRECTORY & (mask | UNASKED)) == 0) return;
            queue(new Event(number, event, cookie, padded(name)));
            if ((event & FileWatcher.IGNORED) != 0) forget(this);
            else if ((mask & ONESHOT) != 0) {
                // Not unwatched from in here; what still comes is not asked for any more.
                mask = 0;
                queue(new Event(number, FileWatcher.IGNORED, 0, NO_NAME));
                forget(this);
                spend(this);
            }
        }
    }

    private static byte[] padded(@Nullable String name) {
        if (name == null) return NO_NAME;
        var bytes = LinuxString.encode(name);
        return java.util.Arrays.copyOf(bytes, (bytes.length + HEADER) & -HEADER);
    }

    private void queue(Event event) {
        synchronized (this) {
            var before = events.peekLast();
            if (before != null && before.same(event)) return;
            if (events.size() == MOST_EVENTS) event = LOST;
            else if (events.size() > MOST_EVENTS) return;
            events.add(event);
        }
        watchers.wake(IN);
    }

    private synchronized void forget(Watch watch) {
        watches.remove(watch.number);
        byNode.remove(watch.node, watch);
    }

    private synchronized void spend(Watch watch) {
        spent.add(watch);
    }

    private void endSpent() {
        for (var watch = nextSpent(); watch != null; watch = nextSpent())
            watch.place.unwatch(watch);
    }

    private synchronized @Nullable Watch nextSpent() {
        return spent.poll();
    }

    /// inotify_add_watch(2).
    ///
    /// @throws podium.syscall.ErrnoException the file system cannot watch it
    int add(Location place, int mask) {
        int kept = mask & (ALL | ONESHOT | EXCL_UNLINK);
        if ((mask & ALL) == 0) return Errno.EINVAL.negated();
        endSpent();
        Watch fresh;
        synchronized (this) {
            var known = byNode.get(place.node());
            if (known != null) {
                if ((mask & MASK_CREATE) != 0) return Errno.EEXIST.negated();
                known.mask = (mask & MASK_ADD) != 0 ? known.mask | kept : kept;
                return known.number;
            }
            if (watches.size() >= MOST_WATCHES) return Errno.ENOSPC.negated();
            fresh = new Watch(++last, place, kept);
            watches.put(fresh.number, fresh);
            byNode.put(fresh.node, fresh);
        }
        boolean watched = false;
        try {
            place.watch(fresh);
            watched = true;
        } finally {
            if (!watched) forget(fresh);
        }
        return fresh.number;
    }

    /// inotify_rm_watch(2).
    int remove(int number) {
        endSpent();
        Watch watch;
        synchronized (this) {
            watch = watches.get(number);
        }
        if (watch == null) return Errno.EINVAL.negated();
        watch.place.unwatch(watch);
        forget(watch);
        queue(new Event(number, FileWatcher.IGNORED, 0, NO_NAME));
        return 0;
    }

    @Override
    public synchronized int read(ByteBuffer into) {
        if (events.isEmpty()) return Errno.EAGAIN.negated();
        into.order(ByteOrder.LITTLE_ENDIAN);
        int start = into.position();
        for (var event = events.peek(); event != null; event = events.peek()) {
            if (event.size() > into.remaining()) break;
            into.putInt(event.watch).putInt(event.mask).putInt(event.cookie);
            into.putInt(event.name.length).put(event.name);
            events.remove();
        }
        int count = into.position() - start;
        return count == 0 ? Errno.EINVAL.negated() : count;
    }

    @Override
    public int write(ByteBuffer from) {
        return Errno.EBADF.negated();
    }

    @Override
    public synchronized int readiness() {
        return events.isEmpty() ? 0 : Pollable.IN;
    }

    @Override
    public int ioctl(Task task, int request, int argument) {
        if (request != FIONREAD) return Errno.ENOTTY.negated();
        int size = 0;
        synchronized (this) {
            for (var event : events) size += event.size();
        }
        task.memory().putInt(argument, size);
        return 0;
    }

    @Override
    protected void closed() {
        Watch[] all;
        synchronized (this) {
            all = watches.values().toArray(new Watch[0]);
            watches.clear();
            byNode.clear();
            events.clear();
        }
        for (var watch : all) watch.place.unwatch(watch);
        endSpent();
    }
}
