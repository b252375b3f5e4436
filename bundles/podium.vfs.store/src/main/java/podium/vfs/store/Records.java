package podium.vfs.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import podium.syscall.LinuxString;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.backend.Frozen;
import podium.vfs.backend.FrozenTree;

/// What has changed, as bytes for the journal ([Replay] reads them). Numbers are little-endian in
/// groups of seven bits, the last one without the eighth. Thread-safe.
final class Records {

    static final byte INODE = 1;
    static final byte FREE = 2;
    static final byte ENTRY = 3;
    static final byte SET = 4;
    static final byte REMOVE = 5;
    static final byte EXTENT = 6;
    static final byte CUT = 7;
    static final byte NEXT = 8;
    static final byte EXTENDED = 9;
    static final byte TREE = 10;
    static final byte FROZEN = 11;
    static final byte SAME = 12;
    static final byte TAKE = 13;
    static final byte RESTORE = 14;
    static final byte DELETE = 15;
    static final byte MOVE = 16;

    private byte[] bytes = new byte[256];
    private int length;

    /// An inode's attributes, all of them, whether it is new or not.
    synchronized void inode(StoreNode node) {
        tag(INODE).number(node.inode).number(node.type | node.permissions);
        number(node.uid).number(node.gid).number(node.special());
        fixed(node.accessed).difference(node.modified, node.accessed);
        difference(node.changed, node.modified).difference(node.born, node.changed);
        text(node.text());
    }

    /// An inode's extended attributes, all of them.
    synchronized void extended(long inode, ExtendedAttributes extended) {
        tag(EXTENDED).number(inode).bytes(extended.encode());
    }

    /// An inode is no more.
    synchronized void free(long inode) {
        tag(FREE).number(inode);
    }

    /// A directory has an entry more, behind all others.
    synchronized void entry(long directory, long cookie, long inode, String name) {
        tag(ENTRY).number(directory).number(cookie).number(inode).text(name);
    }

    /// An entry names another inode.
    synchronized void set(long directory, long cookie, long inode) {
        tag(SET).number(directory).number(cookie).number(inode);
    }

    synchronized void remove(long directory, long cookie) {
        tag(REMOVE).number(directory).number(cookie);
    }

    /// Pages of a file are here now.
    synchronized void extent(long inode, Extent extent) {
        tag(EXTENT).number(inode).extent(extent);
    }

    private void extent(Extent extent) {
        number(extent.page()).number(extent.count());
        number(extent.segment()).number(extent.offset()).number(extent.bytes());
        for (int checksum : extent.checksums()) fixed(checksum);
    }

    /// Pages of a file, and of all its versions, are here now and no longer there.
    synchronized void move(long inode, Extent here, Extent there) {
        tag(MOVE).number(inode).number(there.segment()).number(there.offset()).extent(here);
    }

    /// A snapshot is taken.
    synchronized void take(String name, long taken) {
        tag(TAKE).fixed(taken).text(name);
    }

    /// The tree becomes what it was in a snapshot.
    synchronized void restore(String name) {
        tag(RESTORE).text(name);
    }

    /// A snapshot is no more.
    synchronized void delete(String name) {
        tag(DELETE).text(name);
    }

    /// A snapshot, as which so many inodes follow.
    synchronized void tree(FrozenTree tree) {
        tag(TREE).fixed(tree.taken()).number(tree.root().inode()).number(tree.size());
        text(tree.name());
    }

    /// A snapshot's inode that an earlier one has, too.
    ///
    /// @param number of its record, of all [#frozen]
    synchronized void same(long number) {
        tag(SAME).number(number);
    }

    /// A snapshot's inode, with its content or names.
    synchronized void frozen(Frozen node) {
        var is = node.attributes();
        boolean file = node.content() != null;
        tag(FROZEN).number(is.inode()).number(is.mode()).number(is.uid()).number(is.gid());
        number(is.links()).number(file ? is.size() : is.device());
        fixed(is.accessed()).difference(is.modified(), is.accessed());
        difference(is.changed(), is.modified()).difference(is.born(), is.changed());
        text(node.target());
        bytes(node.extended().encode());
        if (node.content() instanceof FrozenContent content) {
            var extents = content.content().extents;
            number(extents.size());
            for (int i = 0; i < extents.size(); i++) extent(extents.get(i));
        }
        var names = node.names();
        if (names == null) return;
        number(names.size());
        for (int slot = 0; slot < names.end(); slot++) {
            var name = names.name(slot);
            if (name != null) number(names.cookie(slot)).number(names.node(slot)).text(name);
        }
    }

    /// Pages of a file are no more.
    synchronized void cut(long inode, long from, long to) {
        tag(CUT).number(inode).number(from).number(to);
    }

    /// The number of the next inode, of which no smaller one is free.
    synchronized void next(long inode) {
        tag(NEXT).number(inode);
    }

    synchronized int length() {
        return length;
    }

    synchronized ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    synchronized void clear() {
        length = 0;
    }

    void append(Records more) {
        append(more.bytes());
    }

    private synchronized void append(ByteBuffer more) {
        room(more.remaining());
        int count = more.remaining();
        more.get(bytes, length, count);
        length += count;
    }

    private void room(int count) {
        if (bytes.length - length >= count) return;
        int wanted = Math.addExact(length, count);
        bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(2L * wanted, 1 << 30)));
    }

    private Records tag(byte tag) {
        room(1);
        bytes[length++] = tag;
        return this;
    }

    private Records number(long number) {
        room(10);
        while ((number & ~0x7fL) != 0) {
            bytes[length++] = (byte) (number | 0x80);
            number >>>= 7;
        }
        bytes[length++] = (byte) number;
        return this;
    }

    private Records difference(long number, long other) {
        long difference = number - other;
        return number(difference << 1 ^ difference >> 63);
    }

    private Records fixed(long number) {
        room(8);
        for (int i = 0; i < 8; i++) bytes[length++] = (byte) (number >>> 8 * i);
        return this;
    }

    private void fixed(int number) {
        room(4);
        for (int i = 0; i < 4; i++) bytes[length++] = (byte) (number >>> 8 * i);
    }

    private void text(String text) {
        bytes(LinuxString.encode(text));
    }

    private void bytes(byte[] some) {
        number(some.length);
        room(some.length);
        System.arraycopy(some, 0, bytes, length, some.length);
        length += some.length;
    }
}
