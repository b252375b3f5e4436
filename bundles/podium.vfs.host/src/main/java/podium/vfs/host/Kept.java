package podium.vfs.host;

import java.util.List;
import podium.vfs.Mode;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.backend.Frozen;
import podium.vfs.backend.NameTable;

/// An inode of a directory of the host's as it was when a snapshot was taken.
///
/// @param status of then; the mount means nothing
/// @param target of a link, else empty
/// @param names of a directory
/// @param content of a regular file: the number of the file in the snapshot that has it; 0 of an
///     empty one; of what was there before a restore, below 0 when the one that is restored has it
/// @param settled whether a status that says the same now says that nothing has changed since: not
///     so when the last change was just before, in the same tick of the host's clock perhaps
record Kept(
        Status status,
        ExtendedAttributes extended,
        String target,
        List<Name> names,
        long content,
        boolean settled) {

    /// @param inode the place in [HostTree#inodes]
    record Name(String name, int inode) {}

    /// Whether the inode of a status is this one, and nothing of it has changed.
    boolean isStill(Status now) {
        return settled
                && now.same(status)
                && now.changed() == status.changed()
                && now.modified() == status.modified()
                && now.size() == status.size();
    }

    /// The same of another inode.
    Kept as(Status other) {
        return other == status ? this : new Kept(other, extended, target, names, content, settled);
    }

    /// The same with content somewhere else.
    Kept withContent(long other) {
        return new Kept(status, extended, target, names, other, settled);
    }

    /// As a pod sees it.
    ///
    /// @param numbers of all inodes
    Frozen frozen(HostFileSystem fs, long[] numbers, int place, Frozen.Content file) {
        var is = status.attributes(numbers[place], fs.owners.uid(status), fs.owners.gid(status));
        var frozen =
                switch (status.type()) {
                    case Mode.REGULAR -> Frozen.regular(is, file);
                    case Mode.DIRECTORY -> Frozen.directory(is, table(numbers));
                    default -> Frozen.other(is, target);
                };
        return frozen.with(extended);
    }

    private NameTable<Long> table(long[] numbers) {
        var table = new NameTable<Long>();
        long cookie = 0;
        for (var one : names) table.add(one.name(), numbers[one.inode()], ++cookie);
        return table;
    }
}
