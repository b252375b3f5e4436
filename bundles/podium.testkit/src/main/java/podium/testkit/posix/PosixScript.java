package podium.testkit.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import podium.syscall.Errno;

/// A list of file system calls, one a line, that can be run on any [Posix]; what it returns is a
/// line of text for each, so that two runs can be compared.
///
/// A line is a call's name and its arguments, separated by blanks: paths (`''` for an empty one),
/// octal modes, flags joined by `|`. `open` numbers what it opens `$0`, `$1` and so on, also when
/// it fails. Inodes are shown by the order in which they are met. `repeat N LINE` does a line N
/// times,
/// with `%` in it replaced by the number.
public final class PosixScript {

    private static final Map<String, Integer> FLAGS =
            Map.ofEntries(
                    Map.entry("O_RDONLY", 0),
                    Map.entry("O_WRONLY", 1),
                    Map.entry("O_RDWR", 2),
                    Map.entry("O_CREAT", 0100),
                    Map.entry("O_EXCL", 0200),
                    Map.entry("O_TRUNC", 01000),
                    Map.entry("O_APPEND", 02000),
                    Map.entry("O_DIRECTORY", 0200000),
                    Map.entry("O_NOFOLLOW", 0400000),
                    Map.entry("O_NONBLOCK", 04000),
                    Map.entry("O_PATH", 010000000),
                    Map.entry("O_TMPFILE", 020200000),
                    Map.entry("NOFOLLOW", 0x100),
                    Map.entry("REMOVEDIR", 0x200),
                    Map.entry("FOLLOW", 0x400),
                    Map.entry("EMPTY_PATH", 0x1000),
                    Map.entry("NOREPLACE", 1),
                    Map.entry("EXCHANGE", 2),
                    Map.entry("WHITEOUT", 4),
                    Map.entry("SET", 0),
                    Map.entry("CUR", 1),
                    Map.entry("END", 2),
                    Map.entry("DATA", 3),
                    Map.entry("HOLE", 4),
                    Map.entry("SH", 1),
                    Map.entry("EX", 2),
                    Map.entry("UN", 8),
                    Map.entry("NB", 4),
                    Map.entry("XATTR_CREATE", 1),
                    Map.entry("XATTR_REPLACE", 2),
                    Map.entry("KEEP_SIZE", 1),
                    Map.entry("PUNCH_HOLE", 2),
                    Map.entry("ZERO_RANGE", 0x10),
                    Map.entry("S_IFIFO", 0010000),
                    Map.entry("S_IFREG", 0100000),
                    Map.entry("S_IFSOCK", 0140000),
                    Map.entry("S_IFCHR", 0020000),
                    Map.entry("S_IFBLK", 0060000),
                    Map.entry("S_IFDIR", 0040000));

    private final Posix posix;
    private final List<Integer> opened = new ArrayList<>();
    private final Map<Long, Integer> inodes = new HashMap<>();

    private final Map<Integer, Integer> cookies = new HashMap<>();

    public PosixScript(Posix posix) {
        this.posix = posix;
    }

    /// Runs some lines.
    ///
    /// @return each line with its outcome
    public static List<String> run(Posix posix, List<String> lines) {
        var script = new PosixScript(posix);
        var outcomes = new ArrayList<String>();
        for (var line : lines) outcomes.add(line + " -> " + script.run(line));
        return outcomes;
    }

    /// Runs a line.
    public String run(String line) {
        var words = line.strip().split(" +");
        for (int i = 0; i < words.length; i++) if (words[i].equals("''")) words[i] = "";
        if (words[0].equals("repeat")) return repeat(line, words);
        return run(words);
    }

    private String repeat(String line, String[] words) {
        int times = Integer.parseInt(words[1]);
        var repeated = line.substring(line.indexOf(words[1]) + words[1].length());
        var last = "";
        for (int i = 0; i < times; i++) last = run(repeated.replace("%", Integer.toString(i)));
        return last;
    }

    private String run(String[] w) {
        return switch (w[0]) {
            case "open" -> {
                int fd = posix.open(w[1], flags(w[2]), w.length > 3 ? octal(w[3]) : 0);
                opened.add(fd);
                yield fd < 0 ? shown(fd) : "ok";
            }
            case "close" -> shown(posix.close(fd(w[1])));
            case "read" -> read(fd(w[1]), Integer.parseInt(w[2]), w.length > 3 ? number(w[3]) : -1);
            case "write" ->
                    shown(
                            posix.write(
                                    fd(w[1]),
                                    w[2].getBytes(StandardCharsets.UTF_8),
                                    w.length > 3 ? number(w[3]) : -1));
            case "seek" -> shown(posix.seek(fd(w[1]), number(w[2]), flags(w[3])));
            case "ftruncate" -> shown(posix.truncate(fd(w[1]), number(w[2])));
            case "fallocate" ->
                    shown(posix.allocate(fd(w[1]), flags(w[2]), number(w[3]), number(w[4])));
            case "mkdir" -> shown(posix.mkdir(w[1], octal(w[2])));
            case "mknod" -> shown(posix.mknod(w[1], flags(w[2]), 0));
            case "unlink" -> shown(posix.unlink(w[1], 0));
            case "rmdir" -> shown(posix.unlink(w[1], 0x200));
            case "rename" -> shown(posix.rename(w[1], w[2], w.length > 3 ? flags(w[3]) : 0));
            case "link" -> shown(posix.link(w[1], w[2], w.length > 3 ? flags(w[3]) : 0));
            case "symlink" -> shown(posix.symlink(w[1], w[2]));
            case "readlink" -> readlink(w[1]);
            case "stat" -> stat(w[1], w.length > 2 ? flags(w[2]) : 0);
            case "lstat" -> stat(w[1], 0x100);
            case "fstat" -> fstat(fd(w[1]));
            case "chmod" -> shown(posix.chmod(w[1], octal(w[2])));
            case "chown" ->
                    shown(
                            posix.chown(
                                    w[1],
                                    Integer.parseInt(w[2]),
                                    Integer.parseInt(w[3]),
                                    w.length > 4 ? flags(w[4]) : 0));
            case "utimens" -> shown(posix.utimens(w[1], number(w[2]), number(w[3]), 0));
            case "times" -> times(w[1]);
            case "access" -> shown(posix.access(w[1], octal(w[2])));
            case "setxattr", "lsetxattr" ->
                    shown(posix.setxattr(w[1], follows(w), w[2], utf8(w[3]), xattrFlags(w)));
            case "getxattr", "lgetxattr" ->
                    got(size(w, 3), into -> posix.getxattr(w[1], follows(w), w[2], into));
            case "listxattr", "llistxattr" ->
                    got(size(w, 2), into -> posix.listxattr(w[1], follows(w), into));
            case "removexattr", "lremovexattr" -> shown(posix.removexattr(w[1], follows(w), w[2]));
            case "fsetxattr" -> shown(posix.fsetxattr(fd(w[1]), w[2], utf8(w[3]), xattrFlags(w)));
            case "fgetxattr" -> got(size(w, 3), into -> posix.fgetxattr(fd(w[1]), w[2], into));
            case "flock" -> shown(posix.flock(fd(w[1]), flags(w[2])));
            case "lock" -> shown(posix.lock(fd(w[1]), type(w[2]), number(w[3]), number(w[4])));
            case "locked" -> {
                var found = posix.locked(fd(w[1]), type(w[2]), number(w[3]), number(w[4]));
                yield found == null ? "failed" : found;
            }
            case "watch" -> shown(posix.watch(w[1], Integer.parseUnsignedInt(w[2], 16)));
            case "unwatch" -> shown(posix.unwatch(Integer.parseInt(w[1])));
            case "events" -> events();
            case "ls" -> names(w[1]);
            case "user" -> {
                posix.user(Integer.parseInt(w[1]), Integer.parseInt(w[2]));
                yield "ok";
            }
            default -> throw new IllegalArgumentException("no such call: " + w[0]);
        };
    }

    /// Of the calls that have a form for links themselves.
    private static boolean follows(String[] words) {
        return words[0].charAt(0) != 'l' || words[0].equals("listxattr");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int xattrFlags(String[] words) {
        return words.length > 4 ? flags(words[4]) : 0;
    }

    private static int size(String[] words, int at) {
        return words.length > at ? Integer.parseInt(words[at]) : 70_000;
    }

    /// What a call puts into some bytes; of several with a NUL behind each, in order.
    private static String got(int size, java.util.function.ToIntFunction<byte[]> call) {
        var bytes = new byte[size];
        int count = call.applyAsInt(bytes);
        if (count < 0 || size == 0) return shown(count);
        var parts = new String(bytes, 0, count, StandardCharsets.UTF_8).split("\0");
        java.util.Arrays.sort(parts);
        return "'" + String.join(" ", parts) + "'";
    }

    private String read(int fd, int length, long position) {
        var bytes = new byte[length];
        int count = posix.read(fd, bytes, position);
        if (count < 0) return shown(count);
        return "'" + new String(bytes, 0, count, StandardCharsets.UTF_8).replace('\0', '~') + "'";
    }

    private String readlink(String path) {
        var bytes = new byte[4096];
        int count = posix.readlink(path, bytes);
        return count < 0 ? shown(count) : new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    private String stat(String path, int flags) {
        var status = new Posix.Status();
        int result = posix.stat(path, flags, status);
        return result < 0 ? shown(result) : shown(status);
    }

    private String fstat(int fd) {
        var status = new Posix.Status();
        int result = posix.fstat(fd, status);
        return result < 0 ? shown(result) : shown(status);
    }

    private String times(String path) {
        var status = new Posix.Status();
        int result = posix.stat(path, 0, status);
        return result < 0 ? shown(result) : status.accessed + " " + status.modified;
    }

    private String shown(Posix.Status status) {
        boolean directory = (status.mode & 0170000) == 0040000;
        Integer inode = inodes.computeIfAbsent(status.inode, _ -> inodes.size());
        return "%o links=%d size=%s owner=%d:%d #%d"
                .formatted(
                        status.mode,
                        status.links,
                        directory ? "-" : status.size,
                        status.uid,
                        status.gid,
                        inode);
    }

    /// The events there are: each as the watch, the mask in hexadecimal and the name; `=N` marks
    /// what belongs together.
    private String events() {
        var bytes = ByteBuffer.allocate(65_536).order(ByteOrder.LITTLE_ENDIAN);
        int count = posix.events(bytes.array());
        if (count < 0) return shown(count);
        var text = new StringBuilder();
        for (int at = 0; at < count; at += 16 + bytes.getInt(at + 12)) {
            int length = bytes.getInt(at + 12);
            int cookie = bytes.getInt(at + 8);
            text.append(' ').append(bytes.getInt(at)).append(':');
            text.append(Integer.toHexString(bytes.getInt(at + 4)));
            if (cookie != 0)
                text.append('=').append(cookies.computeIfAbsent(cookie, _ -> cookies.size()));
            var name = new String(bytes.array(), at + 16, length, StandardCharsets.UTF_8);
            text.append(' ').append(name.replaceFirst("\0+$", ""));
        }
        return text.toString();
    }

    private static int type(String word) {
        return switch (word) {
            case "READ" -> 0;
            case "WRITE" -> 1;
            case "UNLOCK" -> 2;
            default -> throw new IllegalArgumentException(word);
        };
    }

    private String names(String path) {
        var names = new ArrayList<String>();
        int result = posix.names(path, names);
        if (result < 0) return shown(result);
        Collections.sort(names);
        return String.join(" ", names);
    }

    private int fd(String word) {
        if (!word.startsWith("$")) return Integer.parseInt(word);
        return opened.get(Integer.parseInt(word.substring(1)));
    }

    private static String shown(long result) {
        if (result >= 0) return Long.toString(result);
        var errno = Errno.of((int) -result);
        return errno == null ? Long.toString(result) : errno.name();
    }

    private static int octal(String word) {
        return Integer.parseInt(word, 8);
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }

    private static int flags(String word) {
        int all = 0;
        for (var one : word.split("\\|")) {
            var known = FLAGS.get(one);
            if (known != null) all |= known;
            else all |= one.startsWith("0") ? octal(one) : Integer.parseInt(one);
        }
        return all;
    }
}
