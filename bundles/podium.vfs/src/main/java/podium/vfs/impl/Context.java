package podium.vfs.impl;

import java.util.function.Supplier;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.MountNamespace;

/// A process's place in a namespace.
final class Context implements FsContext {

    private final Namespace namespace;
    private final Supplier<Credentials> credentials;
    private volatile Entry root;
    private volatile Entry directory;
    private volatile int umask;
    private boolean closed;

    final LastDirectory lastDirectory = new LastDirectory();

    Context(
            Namespace namespace,
            Supplier<Credentials> credentials,
            Entry root,
            Entry directory,
            int umask) {
        this.namespace = namespace;
        this.credentials = credentials;
        this.root = root;
        this.directory = directory;
        this.umask = umask;
        if (!root.mount.acquire()) throw Errno.ENOENT.exception();
        if (!directory.mount.acquire()) {
            root.mount.release();
            throw Errno.ENOENT.exception();
        }
    }

    Context copy(Supplier<Credentials> credentials) {
        return new Context(namespace, credentials, root, directory, umask);
    }

    @Override
    public MountNamespace namespace() {
        return namespace;
    }

    /// As [Namespace#moves].
    int moves() {
        return namespace.moves();
    }

    @Override
    public Entry root() {
        return root;
    }

    @Override
    public Entry workingDirectory() {
        return directory;
    }

    @Override
    public synchronized void setRoot(Location location) {
        if (!Access.superuser(credentials())) throw Errno.EPERM.exception();
        var old = root;
        root = entered(location);
        namespace.moved();
        leave(old);
    }

    @Override
    public synchronized void setWorkingDirectory(Location location) {
        var old = directory;
        directory = entered(location);
        leave(old);
    }

    private Entry entered(Location location) {
        var entry = Entry.of(location);
        if (!entry.inode.isDirectory()) throw Errno.ENOTDIR.exception();
        Access.check(credentials(), entry.inode, Access.EXECUTE);
        if (closed || !entry.mount.acquire()) throw Errno.ENOENT.exception();
        return entry;
    }

    private static void leave(Entry entry) {
        entry.mount.release();
    }

    @Override
    public int umask() {
        return umask;
    }

    @Override
    public synchronized int setUmask(int umask) {
        int old = this.umask;
        this.umask = umask & 0777;
        return old;
    }

    @Override
    public Credentials credentials() {
        return credentials.get();
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        leave(root);
        leave(directory);
    }
}
