package podium.syscall;

import podium.vfs.Attributes;

/// An open file that is in no tree and moves no bytes of anybody's, such as an eventfd(2). They all
/// show the same inode, as on Linux (`anon_inode`): without a type, so that it can be polled.
/// Seeking is allowed and does nothing.
public abstract class AnonymousFile extends OpenFile {

    private static final Attributes ATTRIBUTES = Attributes.of(1, 0600, 0, 0, Clock.realtime());

    /// To be woken when [#readiness] may have changed.
    protected final WaitQueue watchers = new WaitQueue();

    private final String description;

    /// @param flags access mode and status flags
    /// @param name what `/proc/self/fd/N` links to, after `anon_inode:`; such as `[eventfd]`
    protected AnonymousFile(int flags, String name) {
        super(flags);
        description = "anon_inode:" + name;
    }

    @Override
    public final Attributes attributes() {
        return ATTRIBUTES;
    }

    @Override
    public final long seek(long offset, int whence) {
        return 0;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public abstract int readiness();

    @Override
    public final void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    @Override
    public final void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }
}
