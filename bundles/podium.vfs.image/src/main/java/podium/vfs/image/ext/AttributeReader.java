package podium.vfs.image.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.backend.ExtendedAttributes;

/// An inode's extended attributes, as far as programs see them: access control lists and content
/// that lies in an inode are kept as such, too.
final class AttributeReader {

    private final BlockGroups groups;
    private final Inode inode;
    private final Map<String, byte[]> values = new HashMap<>();

    /// What they take together, with what is still to be read.
    private long size;

    AttributeReader(BlockGroups groups, Inode inode) {
        this.groups = groups;
        this.inode = inode;
    }

    ExtendedAttributes read() throws IOException {
        add(AttributeTable.inside(inode));
        add(AttributeTable.outside(inode, groups.bytes()));
        try {
            return ExtendedAttributes.of(values);
        } catch (IllegalArgumentException e) {
            throw inode.damaged("has extended attributes that make no sense: " + e.getMessage());
        }
    }

    private void add(@Nullable AttributeTable table) throws IOException {
        if (table == null) return;
        for (var entry : table.entries()) {
            var namespace = namespace(entry.space());
            if (namespace == null) continue;
            var name = namespace + LinuxString.decode(entry.name());
            // Before anything is read for it.
            size += ExtendedAttributes.size(name, entry.size());
            if (size > ExtendedAttributes.MOST)
                throw inode.damaged(
                        "has extended attributes of more than %d bytes, the limit"
                                .formatted(ExtendedAttributes.MOST));
            // Of two the first one counts, as it does to Linux.
            values.putIfAbsent(name, entry.inode() == 0 ? table.value(entry) : content(entry));
        }
    }

    /// EXT4_XATTR_INDEX_* (linux/fs/ext4/xattr.h).
    private static @Nullable String namespace(int number) {
        return switch (number) {
            case 1 -> "user.";
            case 4 -> "trusted.";
            case 6 -> "security.";
            default -> null;
        };
    }

    /// A value that is the content of an inode of its own (`ea_inode`).
    private byte[] content(AttributeTable.Entry entry) throws IOException {
        var holder = Inode.readValue(groups, entry.inode());
        if (holder.type() != Mode.REGULAR || holder.size() != entry.size() || holder.isInline())
            throw holder.damaged("is no value of an extended attribute");
        var value = ByteBuffer.allocate(entry.size());
        new Data(groups.bytes(), holder).read(value, 0);
        return value.array();
    }
}
