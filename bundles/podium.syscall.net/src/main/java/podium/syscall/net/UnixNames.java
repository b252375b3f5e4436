package podium.syscall.net;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.Task;
import podium.vfs.Mode;
import podium.vfs.MountNamespace;
import podium.vfs.Node;

/// Who is bound to which AF_UNIX name: the inode of a path, or an abstract name. Guarded by
/// [PodNetwork].
final class UnixNames {

    private static final int W_OK = 2;

    private final Map<Node, UnixSocket> nodes = new HashMap<>();
    private final Map<String, UnixSocket> abstracts = new HashMap<>();
    private int nextAuto;

    /// Gives a socket a name; a path gets a socket file.
    ///
    /// @return the node or name to hand back to [#remove]
    /// @throws podium.syscall.ErrnoException `EADDRINUSE`, `ENOENT` and what mknod(2) says
    Object bind(Task task, SocketName name, UnixSocket socket) {
        return switch (name) {
            case SocketName.Path path -> bindPath(task, path.path(), socket);
            case SocketName.Abstract given -> {
                if (abstracts.putIfAbsent(given.name(), socket) != null)
                    throw Errno.EADDRINUSE.exception();
                yield given.name();
            }
            default -> throw Errno.EINVAL.exception();
        };
    }

    private Node bindPath(Task task, String path, UnixSocket socket) {
        var fs = task.process().fs();
        try {
            fs.namespace().makeNode(fs, null, path, Mode.SOCKET | 0777, 0);
        } catch (podium.syscall.ErrnoException e) {
            throw e.errno() == Errno.EEXIST ? Errno.EADDRINUSE.exception() : e;
        }
        var node =
                fs.namespace().resolve(fs, null, path, MountNamespace.AT_SYMLINK_NOFOLLOW).node();
        nodes.put(node, socket);
        return node;
    }

    /// A free abstract name (autobind).
    SocketName.Abstract free() {
        for (int i = 0; i < 0x100000; i++) {
            var name = String.format("%05x", nextAuto = (nextAuto + 1) & 0xfffff);
            if (!abstracts.containsKey(name)) return new SocketName.Abstract(name);
        }
        throw Errno.ENOSPC.exception();
    }

    /// The inode of a path that a guest wants to connect to; not guarded, it may wait for a disk.
    ///
    /// @throws podium.syscall.ErrnoException `ECONNREFUSED` when it is no socket, and what
    ///     path_resolution(7) says
    static Node resolve(Task task, String path) {
        var fs = task.process().fs();
        var place = fs.namespace().resolve(fs, null, path, 0);
        fs.namespace().access(fs, place, W_OK, true);
        if (Mode.type(place.attributes().mode()) != Mode.SOCKET)
            throw Errno.ECONNREFUSED.exception();
        return place.node();
    }

    @Nullable UnixSocket find(Object key) {
        return key instanceof Node node ? nodes.get(node) : abstracts.get((String) key);
    }

    void remove(Object key, UnixSocket socket) {
        if (key instanceof Node node) nodes.remove(node, socket);
        else abstracts.remove((String) key, socket);
    }
}
