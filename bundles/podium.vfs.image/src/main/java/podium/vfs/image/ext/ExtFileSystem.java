package podium.vfs.image.ext;

import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Node;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.image.bytes.Bytes;

/// Shows an ext2, ext3 or ext4, read-only. What is found to be damaged is `EIO` then, and logged.
public final class ExtFileSystem implements FileSystem {

    private static final Logger LOG = LoggerFactory.getLogger(ExtFileSystem.class);

    /// EXT4_SUPER_MAGIC (linux/magic.h).
    private static final long MAGIC = 0xef53;

    private static final int ROOT = 2;
    private static final int KEPT = 4096;

    private final Bytes bytes;
    private final Superblock superblock;
    private final BlockGroups groups;
    private final ExtDirectory root;

    /// Inodes used lately, by number. Others of the same number are equal to them.
    private final Map<Integer, Node> nodes =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Node> eldest) {
                    return size() > KEPT;
                }
            };

    /// @param bytes closed with it, or by the caller when this fails
    /// @throws IOException it is damaged, not understood, or not to be read as it is; one line for
    ///     people
    public ExtFileSystem(Bytes bytes) throws IOException {
        this.bytes = bytes;
        superblock = Superblock.read(bytes);
        groups = new BlockGroups(bytes, superblock);
        var inode = Inode.read(groups, ROOT);
        if (inode.type() != Mode.DIRECTORY) throw new Damage("its root is no directory");
        if (Listing.above(bytes, inode) != ROOT) throw new Damage("its root is below another one");
        root = new ExtDirectory(this, inode);
    }

    /// Whether it begins as such a file system.
    public static boolean recognises(Bytes bytes) throws IOException {
        return Superblock.recognises(bytes);
    }

    Bytes bytes() {
        return bytes;
    }

    /// What an entry of a directory leads to.
    ///
    /// @throws IOException it is damaged
    Node node(DirectoryBlock.Entry entry, Inode in) throws IOException {
        Node node;
        synchronized (nodes) {
            node = nodes.get(entry.inode());
        }
        if (node == null) {
            node = make(entry);
            synchronized (nodes) {
                var other = nodes.putIfAbsent(entry.inode(), node);
                if (other != null) node = other;
            }
        }
        var inode = ((ExtNode) node).inode;
        if (entry.type() != 0 && entry.type() != inode.type())
            throw inode.damaged("is of another type than its name says");
        // So no directory is below itself.
        if (node instanceof ExtDirectory && Listing.above(bytes, inode) != in.number())
            throw inode.damaged("is a directory with two names");
        return node;
    }

    private Node make(DirectoryBlock.Entry entry) throws IOException {
        if (Integer.compareUnsigned(entry.inode(), superblock.firstInode()) < 0)
            throw new Damage("a name leads to the reserved inode " + entry.inode());
        var inode = Inode.read(groups, entry.inode());
        return switch (inode.type()) {
            case Mode.REGULAR -> new ExtRegular(this, inode);
            case Mode.DIRECTORY -> new ExtDirectory(this, inode);
            case Mode.LINK -> new ExtLink(this, inode);
            case Mode.FIFO, Mode.SOCKET, Mode.CHARACTER, Mode.BLOCK -> new ExtSpecial(this, inode);
            default -> throw inode.damaged("is of an unknown type");
        };
    }

    /// @throws IOException they are damaged
    ExtendedAttributes extended(Inode inode) throws IOException {
        return new AttributeReader(groups, inode).read();
    }

    /// What a guest is told of damage.
    ErrnoException failed(IOException e) {
        LOG.error("an ext file system cannot be read: {}", e.getMessage());
        return Errno.EIO.exception();
    }

    @Override
    public Node.Directory root() {
        return root;
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.WRITE));
    }

    @Override
    public Statistics statistics() {
        long inodes = Integer.toUnsignedLong(superblock.inodes());
        return new Statistics(MAGIC, superblock.blockSize(), superblock.blocks(), 0, inodes, 0);
    }

    @Override
    public void sync() {}

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close an image", e);
        }
    }
}
