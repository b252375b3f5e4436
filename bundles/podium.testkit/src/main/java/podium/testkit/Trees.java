package podium.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// Writes a tree down, so that two can be compared: names, attributes but the access
/// time, content.
public final class Trees {

    /// What of a tree is written down.
    private enum Detail {
        TEXT,
        SORTED,
        SHAPE,
        LASTING;

        /// Whether inodes have the numbers that they are met with, instead of their own.
        boolean isNumbered() {
            return this == SHAPE || this == LASTING;
        }

        /// Whether entries have places; else they are in the order of names.
        boolean isPlaced() {
            return this == TEXT || this == SHAPE;
        }
    }

    private final StringBuilder text = new StringBuilder();
    private final Map<Long, Integer> met = new HashMap<>();
    private final Detail detail;

    private Trees(Detail detail) {
        this.detail = detail;
    }

    private static String text(FileSystem fs, Detail detail) {
        var tree = new Trees(detail);
        tree.append("/", fs.root());
        return tree.text.toString();
    }

    /// Everything that outlives a mount.
    public static String text(FileSystem fs) {
        return text(fs, Detail.TEXT);
    }

    /// The same of a file system whose entries have places for the life of a mount: by name, and
    /// without their places.
    public static String sorted(FileSystem fs) {
        return text(fs, Detail.SORTED);
    }

    /// What is the same in another backend's tree after the same calls: all but times, with inodes
    /// numbered as they are met.
    public static String shape(FileSystem fs) {
        return text(fs, Detail.SHAPE);
    }

    /// What is the same after copying all of it elsewhere and back: names in the order of names,
    /// inodes numbered as they are met, no times of change, and no size of directories.
    public static String lasting(FileSystem fs) {
        return text(fs, Detail.LASTING);
    }

    private void append(String path, Node node) {
        appendAttributes(path, node);
        switch (node) {
            case Node.Regular file -> text.append(" crc ").append(checksum(file)).append('\n');
            case Node.Link link -> text.append(" to ").append(link.target()).append('\n');
            case Node.Directory directory -> {
                text.append('\n');
                for (var entry : entries(directory)) {
                    var below = directory.lookup(entry.name());
                    if (below == null) throw new AssertionError("no " + entry);
                    var place = detail.isPlaced() ? " " + entry.cookie() : "";
                    append(path + entry.name() + place + "/", below);
                }
            }
            case Node.Special _ -> text.append('\n');
        }
    }

    private void appendAttributes(String path, Node node) {
        var is = node.attributes();
        text.append(path).append(" #");
        if (!detail.isNumbered()) text.append(is.inode());
        else text.append(met.computeIfAbsent(is.inode(), _ -> met.size() + 1));
        text.append(' ').append(Integer.toOctalString(is.mode())).append(" x").append(is.links());
        if (detail != Detail.LASTING || node instanceof Node.Regular)
            text.append(" size ").append(is.size());
        if (detail != Detail.LASTING) text.append(" blocks ").append(is.blocks());
        text.append(' ').append(is.uid()).append(':').append(is.gid());
        text.append(' ').append(is.device());
        if (detail != Detail.SHAPE) text.append(' ').append(is.modified());
        if (!detail.isNumbered()) text.append(' ').append(is.changed());
        for (var name : node.extendedAttributes().stream().sorted().toList()) {
            int value = Arrays.hashCode(node.extendedAttribute(name));
            text.append(' ').append(name).append('=').append(value);
        }
    }

    private List<Node.Entry> entries(Node.Directory of) {
        var all = of.entries(0, Integer.MAX_VALUE);
        if (detail.isPlaced()) return all;
        return all.stream().sorted(Comparator.comparing(Node.Entry::name)).toList();
    }

    private static long checksum(Node.Regular file) {
        var crc = new CRC32();
        var buffer = ByteBuffer.allocate(1 << 16);
        for (long at = 0; ; at += buffer.limit()) {
            if (file.read(buffer.clear(), at) == 0) return crc.getValue();
            crc.update(buffer.flip());
        }
    }
}
