package podium.vfs.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// Writes a tree down, so that two can be compared: names, attributes but the access time, content.
final class Trees {

    private Trees() {}

    static String text(FileSystem fs) {
        var text = new StringBuilder();
        append(text, "/", fs.root());
        return text.toString();
    }

    private static void append(StringBuilder text, String path, Node node) {
        var is = node.attributes();
        text.append(path).append(" #").append(is.inode());
        text.append(' ').append(Integer.toOctalString(is.mode())).append(" x").append(is.links());
        text.append(" size ").append(is.size()).append(" blocks ").append(is.blocks());
        text.append(' ').append(is.modified()).append(' ').append(is.changed());
        switch (node) {
            case Node.Regular file -> text.append(" crc ").append(checksum(file)).append('\n');
            case Node.Link link -> text.append(" to ").append(link.target()).append('\n');
            case Node.Directory directory -> {
                text.append('\n');
                for (var entry : directory.entries(0, Integer.MAX_VALUE)) {
                    var below = directory.lookup(entry.name());
                    if (below == null) throw new AssertionError("no " + entry);
                    append(text, path + entry.name() + " " + entry.cookie() + "/", below);
                }
            }
            case Node.Special _ -> text.append('\n');
        }
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
