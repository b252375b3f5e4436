package podium.vfs.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.backend.NameTable;

/// Does to a store that is being loaded what [Records] say. Nothing in them is believed: their
/// checksum was right, but who knows what wrote it.
final class Replay {

    private final Store store;
    private final ReplaySnapshots snapshots;

    Replay(Store store) {
        this.store = store;
        snapshots = new ReplaySnapshots(store);
    }

    /// @throws DamageException they make no sense
    void apply(ByteBuffer records) throws DamageException {
        records.order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (records.hasRemaining()) one(records);
        } catch (BufferUnderflowException e) {
            throw new DamageException("a record is cut off");
        }
    }

    private void one(ByteBuffer from) throws DamageException {
        byte tag = from.get();
        switch (tag) {
            case Records.INODE -> inode(from);
            case Records.EXTENDED -> {
                var node = known(from);
                node.frozen = null;
                node.load(extended(from));
            }
            case Records.FREE -> free(known(from));
            case Records.ENTRY -> entry(from);
            case Records.SET -> {
                var directory = directory(from);
                int slot = slot(directory, number(from));
                changed(directory, directory.names.node(slot));
                var node = known(from);
                changed(directory, node);
                directory.names.set(slot, node);
            }
            case Records.REMOVE -> {
                var directory = directory(from);
                int slot = slot(directory, number(from));
                changed(directory, directory.names.node(slot));
                directory.names.remove(slot);
            }
            case Records.EXTENT -> extent(from);
            case Records.CUT -> {
                var file = file(from);
                file.frozen = null;
                var content = file.content;
                long first = number(from);
                long last = number(from);
                check(first >= 0 && first <= last, "a cut");
                content.unload(first, last);
            }
            case Records.NEXT -> store.nodes.reserve(number(from));
            case Records.MOVE -> move(from);
            case Records.TREE, Records.FROZEN, Records.SAME -> snapshots.load(tag, from);
            case Records.TAKE, Records.RESTORE, Records.DELETE -> snapshots.again(tag, from);
            default -> throw new DamageException("a record of the unknown kind " + tag);
        }
    }

    /// Names, and so the number of them, are no longer what a snapshot may have.
    private static void changed(StoreDirectory directory, StoreNode node) {
        directory.frozen = null;
        node.frozen = null;
    }

    private void inode(ByteBuffer from) throws DamageException {
        long number = number(from);
        int mode = (int) number(from);
        check(number > 0, "an inode number");
        int uid = (int) number(from);
        int gid = (int) number(from);
        long special = number(from);
        long accessed = from.getLong();
        long modified = difference(from, accessed);
        long changed = difference(from, modified);
        long born = difference(from, changed);
        var text = text(from, 4096);
        var node = store.nodes.get(number);
        if (node == null) {
            node = make(number, mode, special, born, text);
            store.nodes.add(node);
            store.snapshots.came(number);
            var version = store.snapshots.version(number);
            if (version != null && node instanceof StoreRegular file)
                file.content.extents.join(version.extents);
        }
        node.frozen = null;
        check(node.type == Mode.type(mode), "the type of inode " + number);
        node.permissions = mode & Mode.PERMISSIONS;
        node.uid = uid;
        node.gid = gid;
        node.accessed = accessed;
        node.modified = modified;
        node.changed = changed;
        if (node instanceof StoreRegular file) {
            check(special >= 0, "the size of inode " + number);
            file.size = special;
        }
    }

    private StoreNode make(long number, int mode, long special, long born, String text)
            throws DamageException {
        return switch (Mode.type(mode)) {
            case Mode.REGULAR -> new StoreRegular(store, number, born);
            case Mode.DIRECTORY -> new StoreDirectory(store, number, born);
            case Mode.LINK -> new StoreLink(store, number, born, text);
            case Mode.FIFO, Mode.SOCKET, Mode.CHARACTER, Mode.BLOCK ->
                    new StoreSpecial(store, number, born, Mode.type(mode), special);
            default -> throw new DamageException("inode %d has no type".formatted(number));
        };
    }

    private void free(StoreNode node) {
        node.load(ExtendedAttributes.NONE);
        if (node instanceof StoreRegular file) file.content.drop();
        store.nodes.remove(node);
        store.snapshots.gone(node.inode);
    }

    private void entry(ByteBuffer from) throws DamageException {
        var directory = directory(from);
        long cookie = number(from);
        var node = known(from);
        var name = text(from, 255);
        enter(directory.names, name, node, cookie);
        changed(directory, node);
    }

    static <N> void enter(NameTable<N> names, String name, N node, long cookie)
            throws DamageException {
        check(cookie > names.lastCookie(), "the order of a directory");
        check(!name.isEmpty() && name.indexOf('/') < 0, "a name");
        check(names.find(name) < 0, "a name that is there twice");
        names.add(name, node, cookie);
    }

    private void extent(ByteBuffer from) throws DamageException {
        var file = file(from);
        file.frozen = null;
        file.content.load(readExtent(from));
    }

    private void move(ByteBuffer from) throws DamageException {
        long inode = number(from);
        long segment = number(from);
        long offset = number(from);
        var here = readExtent(from);
        check(segment > 0 && segment < Integer.MAX_VALUE, "a segment's number");
        check(offset >= 0 && offset + here.bytes() < Integer.MAX_VALUE, "a place in a segment");
        var there = here.at((int) segment, (int) offset);
        var content =
                store.nodes.get(inode) instanceof StoreRegular file
                        ? file.content
                        : store.snapshots.version(inode);
        if (content == null) throw new DamageException("inode %d is missing".formatted(inode));
        content.extents.relocate(store.segments, there, here);
    }

    static Extent readExtent(ByteBuffer from) throws DamageException {
        long page = number(from);
        long count = number(from);
        long segment = number(from);
        long offset = number(from);
        long bytes = number(from);
        check(page >= 0 && page <= Long.MAX_VALUE >>> Extent.PAGE_BITS, "a page's number");
        check(count > 0 && count <= 1 << 30, "an extent's length");
        check(segment >= 0 && segment < Integer.MAX_VALUE, "a segment's number");
        if (segment == Extent.RESERVED) return Extent.reserved(page, (int) count);
        check(offset >= 0 && offset + bytes < Integer.MAX_VALUE, "a place in a segment");
        check(bytes > (count - 1) * Extent.PAGE && bytes <= count * Extent.PAGE, "bytes");
        check(count <= from.remaining() / 4, "an extent's checksums");
        var checksums = new int[(int) count];
        for (int i = 0; i < count; i++) checksums[i] = from.getInt();
        return new Extent(page, (int) count, (int) segment, (int) offset, (int) bytes, checksums);
    }

    private StoreNode known(ByteBuffer from) throws DamageException {
        long number = number(from);
        var node = store.nodes.get(number);
        if (node == null) throw new DamageException("inode %d is missing".formatted(number));
        return node;
    }

    private StoreDirectory directory(ByteBuffer from) throws DamageException {
        var node = known(from);
        if (node instanceof StoreDirectory directory) return directory;
        throw new DamageException("inode %d is no directory".formatted(node.inode));
    }

    private StoreRegular file(ByteBuffer from) throws DamageException {
        var node = known(from);
        if (node instanceof StoreRegular file) return file;
        throw new DamageException("inode %d is no file".formatted(node.inode));
    }

    private static int slot(StoreDirectory directory, long cookie) throws DamageException {
        int slot = directory.names.at(cookie);
        if (slot >= 0) return slot;
        throw new DamageException("directory %d lacks an entry".formatted(directory.inode));
    }

    static void check(boolean right, String what) throws DamageException {
        if (!right) throw new DamageException("a record is wrong in " + what);
    }

    static long number(ByteBuffer from) throws DamageException {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte part = from.get();
            number |= (part & 0x7fL) << shift;
            if (part >= 0) return number;
        }
        throw new DamageException("a record is wrong in a number");
    }

    static long difference(ByteBuffer from, long other) throws DamageException {
        long number = number(from);
        return other + (number >>> 1 ^ -(number & 1));
    }

    static String text(ByteBuffer from, int most) throws DamageException {
        return LinuxString.decode(bytes(from, most));
    }

    static ExtendedAttributes extended(ByteBuffer from) throws DamageException {
        try {
            return ExtendedAttributes.decode(bytes(from, ExtendedAttributes.MOST));
        } catch (IllegalArgumentException e) {
            throw new DamageException("a record is wrong in extended attributes");
        }
    }

    private static byte[] bytes(ByteBuffer from, int most) throws DamageException {
        long length = number(from);
        check(length >= 0 && length <= Math.min(most, from.remaining()), "a length");
        var bytes = new byte[(int) length];
        from.get(bytes);
        return bytes;
    }
}
