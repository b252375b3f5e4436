package podium.vfs.image;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Node;

/// What a guest could tell of a file system: every attribute and every byte.
final class Shape {

    private Shape() {}

    /// @param nanoseconds whether times are told so exactly
    static Map<String, String> of(FileSystem fs, boolean nanoseconds) {
        var shape = new TreeMap<String, String>();
        add("", fs.root(), nanoseconds, shape);
        return shape;
    }

    /// Only what differs is told.
    static void assertSame(Map<String, String> expected, Map<String, String> actual) {
        var paths = new TreeSet<>(expected.keySet());
        paths.addAll(actual.keySet());
        var differences =
                paths.stream()
                        .filter(path -> !Objects.equals(expected.get(path), actual.get(path)))
                        .map(
                                path ->
                                        "\n%s: %s, and not %s"
                                                .formatted(
                                                        path.substring(
                                                                Math.max(0, path.length() - 60)),
                                                        actual.get(path),
                                                        expected.get(path)))
                        .toList();
        if (differences.isEmpty()) return;
        throw new AssertionError(
                differences.size()
                        + " differences"
                        + String.join(
                                "", differences.subList(0, Math.min(10, differences.size()))));
    }

    private static void add(String path, Node node, boolean exact, Map<String, String> to) {
        var of = node.attributes();
        long second = 1_000_000_000;
        long time = exact ? of.modified() : Math.floorDiv(of.modified(), second) * second;
        var who = " %o %d:%d".formatted(of.mode() & Mode.PERMISSIONS, of.uid(), of.gid());
        var links = " links " + of.links();
        switch (node) {
            case Node.Directory directory -> {
                to.put(path, "d" + who + " at " + time);
                for (var entry : directory.entries(0, Integer.MAX_VALUE)) {
                    var below = directory.lookup(entry.name());
                    if (below == null
                            || below.attributes().inode() != entry.inode()
                            || Mode.type(below.attributes().mode()) != entry.type())
                        throw new AssertionError(path + " " + entry);
                    add((path.isEmpty() ? "" : path + "/") + entry.name(), below, exact, to);
                }
            }
            case Node.Regular file ->
                    to.put(
                            path,
                            "f%s size %d at %d%s sha256 %s"
                                    .formatted(who, of.size(), time, links, digest(file)));
            case Node.Link link ->
                    to.put(
                            path,
                            "l%s size %d at %d%s to %s"
                                    .formatted(who, of.size(), time, links, link.target()));
            case Node.Special _ ->
                    to.put(
                            path,
                            kind(of.mode())
                                    + who
                                    + (of.device() == 0 ? "" : " device " + of.device())
                                    + " at "
                                    + time
                                    + links);
        }
    }

    private static char kind(int mode) {
        return switch (Mode.type(mode)) {
            case Mode.FIFO -> 'p';
            case Mode.SOCKET -> 's';
            case Mode.BLOCK -> 'b';
            default -> 'c';
        };
    }

    /// Read in portions of an odd size; what seek(2) tells to be a hole is zeros.
    static String digest(Node.Regular file) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = ByteBuffer.allocate(99_991);
            long at = 0;
            for (; ; ) {
                int count = file.read(buffer.clear(), at);
                if (count == 0) break;
                digest.update(buffer.flip());
                at += count;
            }
            if (at != file.attributes().size()) throw new AssertionError("" + at);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /// The file's holes, as `[from,to)` one after the other.
    static String holes(Node.Regular file) {
        var holes = new StringBuilder();
        long size = file.attributes().size();
        for (long at = 0; at < size; ) {
            long hole = file.seek(at, false);
            if (hole >= size) break;
            long data;
            try {
                data = file.seek(hole, true);
            } catch (podium.syscall.ErrnoException e) {
                if (e.errno() != podium.syscall.Errno.ENXIO) throw e;
                data = size;
            }
            holes.append("[%d,%d)".formatted(hole, data));
            at = data;
        }
        return holes.toString();
    }

    static Node find(FileSystem fs, String path) {
        Node at = fs.root();
        for (var name : path.split("/")) at = ((Node.Directory) at).lookup(name);
        return at;
    }
}
