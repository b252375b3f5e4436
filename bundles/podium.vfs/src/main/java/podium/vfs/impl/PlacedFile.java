package podium.vfs.impl;

import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.vfs.Attributes;
import podium.vfs.FileWatcher;
import podium.vfs.Location;

/// An open file that has a place in the tree, and keeps its mount and inode in use.
abstract class PlacedFile extends OpenFile {

    final Entry entry;
    final Inode inode;

    /// @throws podium.syscall.ErrnoException `ENOENT`: the name is gone, or the mount; or what the
    ///     backend says
    PlacedFile(Entry entry, int flags) {
        super(flags);
        this.entry = entry;
        inode = entry.inode;
        if (!entry.mount.acquire()) throw Errno.ENOENT.exception();
        boolean opened = false;
        try {
            opened = inode.open(entry);
        } finally {
            if (!opened) entry.mount.release();
        }
        if (!opened) throw Errno.ENOENT.exception();
        entry.tell(FileWatcher.OPEN);
    }

    @Override
    protected void closed() {
        var locks = inode.locksOrNull();
        if (locks != null) locks.end(this);
        if (!entry.mount.closed()) {
            entry.tell(writable() ? FileWatcher.CLOSE_WRITE : FileWatcher.CLOSE_NOWRITE);
            inode.release();
        }
        entry.mount.release();
    }

    @Override
    public Attributes attributes() {
        checkMounted();
        return inode.attributes();
    }

    @Override
    public Location location() {
        return entry;
    }

    @Override
    public void descriptorClosed(podium.syscall.FdTable table) {
        var locks = inode.locksOrNull();
        if (locks != null) locks.end(table);
    }

    @Override
    public String description() {
        return entry.path();
    }

    /// @throws podium.syscall.ErrnoException `EIO`
    final void checkMounted() {
        if (entry.mount.closed()) throw Errno.EIO.exception();
    }
}
