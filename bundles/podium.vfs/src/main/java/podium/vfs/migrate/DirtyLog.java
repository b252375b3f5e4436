package podium.vfs.migrate;

import java.util.HashMap;
import java.util.Map;
import podium.vfs.Node;

/// What has changed in a tree that is being copied: not the changes themselves but where they are,
/// so that a file that is written a thousand times is copied once. A change is noted when it is
/// done, failed ones too; who takes the notes and then copies has seen it, or finds it noted next
/// time. Thread-safe.
public final class DirtyLog {

    private final boolean blind;
    private Map<Node, Mark> marks = new HashMap<>();
    private long changes;
    private long names;

    public DirtyLog() {
        this(false);
    }

    private DirtyLog(boolean blind) {
        this.blind = blind;
    }

    /// One that notes nothing: for who has the mount for himself, and looks at the tree himself.
    public static DirtyLog blind() {
        return new DirtyLog(true);
    }

    /// Content of a file has changed, and its size perhaps.
    ///
    /// @param from not negative
    /// @param length [Long#MAX_VALUE] for all behind
    public synchronized void content(Node.Regular file, long from, long length) {
        if (blind) return;
        changes++;
        long to = length > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + length;
        mark(file).content.add(from, to);
    }

    /// Attributes of an inode have changed.
    public synchronized void attributes(Node node) {
        if (blind) return;
        changes++;
        mark(node);
    }

    /// A directory's name leads to something else, or nowhere.
    public synchronized void name(Node.Directory directory, String name) {
        if (blind) return;
        changes++;
        if (mark(directory).names.add(name)) names++;
    }

    /// Attributes of an inode, and parts of its content if it is a file, are still to be copied.
    void parts(Node node, Ranges parts) {
        attributes(node);
        if (node instanceof Node.Regular file)
            parts.forEach((from, to) -> content(file, from, to - from));
    }

    private Mark mark(Node node) {
        return marks.computeIfAbsent(node, _ -> new Mark());
    }

    /// Inodes and names that are noted.
    public synchronized long pending() {
        return marks.size() + names;
    }

    /// Changes noted so far, in all.
    public synchronized long changes() {
        return changes;
    }

    /// The notes, which are gone from here.
    synchronized Map<Node, Mark> take() {
        var taken = marks;
        marks = new HashMap<>();
        names = 0;
        return taken;
    }
}
