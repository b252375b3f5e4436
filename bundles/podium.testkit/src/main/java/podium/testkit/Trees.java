package podium.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// Writes a tree down, so that two can be compared: names, attributes but the access
/// time, content.
public final class Trees {

    private Trees() {}

    /// Everything that outlives a mount.
    public static String text(FileSystem fs) {
        var text = new StringBuilder();
        append(text, "/", fs.root(), null, true);
        return text.toString();
    }

    /// The same of a file system whose entries have places for the life of a mount: by name, and
    /// without their places.
    public static String sorted(FileSystem fs) {
        var text = new StringBuilder();
        append(text, "/", fs.root(), null, false);
        return text.toString();
    }

    /// What is the same in another backend's tree after the same calls: all but times, with inodes
    /// numbered as they are met.
    public static String shape(FileSystem fs) {
        var text = new StringBuilder();
        append(text, "/", fs.root(), new HashMap<>(), true);
        return text.toString();
    }

    /// What is the same after copying all of it elsewhere and back: names in the order of names,
    /// inodes numbered as they are met, no times of change, and no size of directories.
    public static String lasting(FileSystem fs) {
        var text = new StringBuilder();
        appendLasting(text, "/", fs.root(), new HashMap<>());
        return text.toString();
    }

    private static void appendLasting(
            StringBuilder text, String path, Node node, Map<Long, Integer> met) {
        var is = node.attributes();
        text.append(path).append(" #");
        text.append(met.computeIfAbsent(is.inode(), _ -> met.size() + 1));
        text.append(' ').append(Integer.toOctalString(is.mode())).append(" x").append(is.links());
        text.append(' ').append(is.uid()).append(':').append(is.gid());
        text.append(' ').append(is.device()).append(' ').append(is.modified());
        for (var name : node.extendedAttributes().stream().sorted().toList()) {
            int value = Arrays.hashCode(node.extendedAttribute(name));
            text.append(' ').append(name).append('=').append(value);
        }
        switch (node) {
            case Node.Regular file ->
                    text.append(" size ").append(is.size()).append(" crc ").append(checksum(file));
            case Node.Link link -> text.append(" to ").append(link.target());
            case Node.Directory _, Node.Special _ -> {}
        }
        text.append('\n');
        if (!(node instanceof Node.Directory directory)) return;
        for (var entry :
                directory.entries(0, Integer.MAX_VALUE).stream()
                        .sorted(Comparator.comparing(Node.Entry::name))
                        .toList()) {
            var below = directory.lookup(entry.name());
            if (below == null) throw new AssertionError("no " + entry);
            appendLasting(text, path + entry.name() + "/", below, met);
        }
    }

    /// @param met numbers of inodes, or null for their own, and times
    /// @param placed whether entries have places
    private static void append(
            StringBuilder text,
            String path,
            Node node,
            @Nullable Map<Long, Integer> met,
            boolean placed) {
        var is = node.attributes();
        text.append(path).append(" #");
        if (met == null) text.append(is.inode());
        else text.append(met.computeIfAbsent(is.inode(), _ -> met.size() + 1));
        text.append(' ').append(Integer.toOctalString(is.mode())).append(" x").append(is.links());
        text.append(" size ").append(is.size()).append(" blocks ").append(is.blocks());
        text.append(' ').append(is.uid()).append(':').append(is.gid());
        text.append(' ').append(is.device());
        if (met == null) text.append(' ').append(is.modified()).append(' ').append(is.changed());
        for (var name : node.extendedAttributes().stream().sorted().toList()) {
            int value = Arrays.hashCode(node.extendedAttribute(name));
            text.append(' ').append(name).append('=').append(value);
        }
        switch (node) {
            case Node.Regular file -> text.append(" crc ").append(checksum(file)).append('\n');
            case Node.Link link -> text.append(" to ").append(link.target()).append('\n');
            case Node.Directory directory -> {
                text.append('\n');
                for (var entry : entries(directory, placed)) {
                    var below = directory.lookup(entry.name());
                    if (below == null) throw new AssertionError("no " + entry);
                    var place = placed ? " " + entry.cookie() : "";
                    append(text, path + entry.name() + place + "/", below, met, placed);
                }
            }
            case Node.Special _ -> text.append('\n');
        }
    }

    private static List<Node.Entry> entries(Node.Directory of, boolean placed) {
        var all = of.entries(0, Integer.MAX_VALUE);
        if (placed) return all;
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
