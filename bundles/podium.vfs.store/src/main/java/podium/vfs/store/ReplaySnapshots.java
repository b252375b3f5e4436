package podium.vfs.store;

import static podium.vfs.store.Replay.check;
import static podium.vfs.store.Replay.difference;
import static podium.vfs.store.Replay.number;
import static podium.vfs.store.Replay.text;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.ErrnoException;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.backend.Frozen;
import podium.vfs.backend.FrozenTree;
import podium.vfs.backend.NameTable;

/// Does to a store that is being loaded what [Records] say of snapshots.
final class ReplaySnapshots {

    private final Store store;

    /// Inodes in the order of their records.
    private final List<Frozen> read = new ArrayList<>();

    private final Map<Long, Content> contents = new HashMap<>();
    private @Nullable FrozenTree tree;
    private long root;
    private long missing;

    ReplaySnapshots(Store store) {
        this.store = store;
    }

    /// What was done to a snapshot is done again.
    void again(byte tag, ByteBuffer from) throws DamageException {
        long taken = tag == Records.TAKE ? from.getLong() : 0;
        var name = text(from, 64);
        try {
            switch (tag) {
                case Records.TAKE -> {
                    store.snapshots.trees.checkNew(name);
                    // How many names an inode has is in no record, but in a snapshot.
                    new Structure(store, _ -> {}).count();
                    store.snapshots.takeNow(name, taken);
                }
                case Records.RESTORE -> {
                    for (var node : store.snapshots.restoreNow(name)) node.forgetNames();
                }
                default -> store.snapshots.deleteNow(name);
            }
        } catch (ErrnoException e) {
            throw new DamageException(
                    "a record is wrong about the snapshot '%s': %s"
                            .formatted(name, e.errno().text()));
        }
    }

    /// A snapshot, or a part of one, as it was when the journal began.
    void load(byte tag, ByteBuffer from) throws DamageException {
        if (tag == Records.TREE) {
            check(missing == 0, "the size of a snapshot");
            long taken = from.getLong();
            root = number(from);
            missing = number(from);
            var name = text(from, 64);
            check(podium.vfs.Snapshot.isName(name), "the name of a snapshot");
            check(missing > 0, "the size of a snapshot");
            tree = new FrozenTree(name, taken, root);
            return;
        }
        var now = tree;
        if (now == null || missing == 0) throw new DamageException("a record of no snapshot");
        if (tag == Records.FROZEN) read.add(frozen(from));
        long index = tag == Records.FROZEN ? read.size() - 1 : number(from);
        check(index >= 0 && index < read.size(), "an inode of a snapshot");
        check(now.add(read.get((int) index)), "an inode of a snapshot that is there twice");
        if (--missing > 0) return;
        checkTree(now);
        try {
            store.snapshots.load(now);
        } catch (ErrnoException e) {
            throw new DamageException("the snapshot '%s' is there twice".formatted(now.name()));
        }
    }

    private Frozen frozen(ByteBuffer from) throws DamageException {
        long inode = number(from);
        int mode = (int) number(from);
        check(inode > 0, "an inode number");
        int uid = (int) number(from);
        int gid = (int) number(from);
        int links = (int) number(from);
        long special = number(from);
        long accessed = from.getLong();
        long modified = difference(from, accessed);
        long changed = difference(from, modified);
        long born = difference(from, changed);
        var target = text(from, 4096);
        var extended = Replay.extended(from);
        boolean file = Mode.type(mode) == Mode.REGULAR;
        check(!file || special >= 0, "the size of inode " + inode);
        var content = file ? content(inode, from) : null;
        long blocks = content == null ? 0 : content.pages() * (Extent.PAGE / 512);
        var names = Mode.type(mode) == Mode.DIRECTORY ? names(from) : null;
        long size =
                names != null
                        ? StoreDirectory.size(names)
                        : file ? special : podium.syscall.LinuxString.encode(target).length;
        var is =
                new Attributes(
                        inode,
                        mode,
                        links,
                        uid,
                        gid,
                        file ? 0 : special,
                        size,
                        blocks,
                        accessed,
                        modified,
                        changed,
                        born);
        var frozen =
                content != null
                        ? Frozen.regular(is, new FrozenContent(store, content))
                        : names != null ? Frozen.directory(is, names) : Frozen.other(is, target);
        return frozen.with(extended);
    }

    private Content content(long inode, ByteBuffer from) throws DamageException {
        var content = new Content(store, inode);
        var other = contents.putIfAbsent(inode, content);
        if (other != null) content.extents.join(other.extents);
        long count = number(from);
        for (long i = 0; i < count; i++) content.load(Replay.readExtent(from));
        return content;
    }

    private static NameTable<Long> names(ByteBuffer from) throws DamageException {
        var names = new NameTable<Long>();
        long count = number(from);
        for (long i = 0; i < count; i++) {
            long cookie = number(from);
            long inode = number(from);
            Replay.enter(names, text(from, 255), inode, cookie);
        }
        return names;
    }

    /// Whether it is a tree: all it names is there, and every directory has one name.
    private void checkTree(FrozenTree tree) throws DamageException {
        var top = tree.get(root);
        check(top != null && top.type() == Mode.DIRECTORY, "a snapshot's root");
        var seen = new HashSet<Long>();
        seen.add(root);
        var todo = new ArrayDeque<Frozen>(List.of(tree.root()));
        for (var at = todo.poll(); at != null; at = todo.poll()) {
            var names = at.names();
            for (int slot = 0; names != null && slot < names.end(); slot++) {
                if (names.name(slot) == null) continue;
                var below = tree.get(names.node(slot));
                if (below == null) throw new DamageException("a snapshot lacks an inode");
                boolean first = seen.add(below.inode());
                check(first || below.type() != Mode.DIRECTORY, "a directory with two names");
                if (below.type() == Mode.DIRECTORY) todo.add(below);
            }
        }
        check(seen.size() == tree.size(), "an inode of a snapshot without a name");
    }
}
