package podium.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.vfs.MountNamespace;
import podium.vfs.Vfs;

/// What [Files] does with the JDK's own file system on Linux, it does in a pod. A test is a
/// subclass
/// with [#create].
public abstract class FilesContract {

    /// A new namespace with room at its root.
    protected abstract MountNamespace create() throws Exception;

    /// The service that made it.
    protected abstract Vfs vfs();

    @TempDir Path folder;
    private MountNamespace namespace;
    private java.nio.file.FileSystem files;
    private FilesTwin twin;

    @BeforeEach
    void open() throws Exception {
        namespace = create();
        files = vfs().fileSystem(namespace, "test", Credentials.ROOT);
        twin = new FilesTwin(folder.toRealPath(), Files.createDirectory(files.getPath("/work")));
        twin.same(
                f ->
                        Files.setPosixFilePermissions(
                                f, PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    @AfterEach
    void close() throws Exception {
        files.close();
        namespace.close();
    }

    @Test
    void opensAsAsked() {
        var text = "some text".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        twin.same(f -> Files.write(f.resolve("a"), text));
        twin.same(f -> Files.readAllBytes(f.resolve("a")));
        twin.same(f -> Files.write(f.resolve("a"), text, APPEND));
        twin.same(f -> Files.readString(f.resolve("a")));
        twin.same(f -> Files.write(f.resolve("a"), text, CREATE_NEW));
        twin.same(f -> Files.write(f.resolve("b"), text, APPEND));
        twin.same(f -> Files.write(f.resolve("b"), text, WRITE));
        twin.same(f -> Files.write(f.resolve("b"), text, CREATE_NEW, SPARSE, SYNC));
        twin.same(f -> Files.write(f.resolve("b"), new byte[2], WRITE));
        twin.same(f -> Files.readString(f.resolve("b")));
        twin.same(f -> Files.write(f.resolve("b"), new byte[2], WRITE, TRUNCATE_EXISTING));
        twin.same(f -> Files.write(f.resolve("none/b"), text));
        twin.same(f -> Files.write(f.resolve("b/c"), text));
        twin.same(f -> Files.write(f, text));
        twin.same(f -> Files.readAllBytes(f));
        twin.same(f -> Files.readAllBytes(f.resolve("none")));
        twin.same(f -> Files.newByteChannel(f.resolve("a"), READ, APPEND));
        twin.same(f -> Files.newByteChannel(f.resolve("a"), APPEND, TRUNCATE_EXISTING));
        twin.same(f -> Files.newByteChannel(f.resolve("a"), REPLACING));
        twin.same(f -> Files.createSymbolicLink(f.resolve("l"), f.getFileSystem().getPath("a")));
        twin.same(f -> Files.newByteChannel(f.resolve("l"), READ, NOFOLLOW_LINKS));
        twin.same(f -> Files.newByteChannel(f.resolve("l"), WRITE, CREATE_NEW));
        twin.sameTrees();
    }

    /// An option that nobody knows.
    private static final java.nio.file.OpenOption REPLACING = new java.nio.file.OpenOption() {};

    @Test
    void deletesOnClose() {
        twin.same(
                f -> {
                    var path = f.resolve("gone");
                    try (var channel =
                            Files.newByteChannel(path, CREATE, WRITE, READ, DELETE_ON_CLOSE)) {
                        channel.write(ByteBuffer.wrap(new byte[10]));
                        channel.position(3);
                        return channel.read(ByteBuffer.allocate(99)) + " " + channel.size();
                    }
                });
        twin.sameTrees();
    }

    @Test
    void channelsDoAsTheJdks() {
        twin.same(
                f -> {
                    var log = new ArrayList<Object>();
                    try (var channel = FileChannel.open(f.resolve("c"), CREATE, READ, WRITE)) {
                        log.add(channel.write(ByteBuffer.wrap("0123456789".getBytes("US-ASCII"))));
                        log.add(channel.position());
                        log.add(channel.read(ByteBuffer.allocate(5)));
                        log.add(channel.read(ByteBuffer.allocate(0)));
                        channel.position(20);
                        log.add(channel.size());
                        log.add(channel.write(ByteBuffer.wrap(new byte[3])));
                        log.add(channel.size());
                        log.add(channel.truncate(15).size() + " " + channel.position());
                        log.add(channel.truncate(99).size());
                        var buffer = ByteBuffer.allocate(4);
                        log.add(channel.read(buffer, 2) + new String(buffer.array(), "US-ASCII"));
                        log.add(channel.write(ByteBuffer.wrap(new byte[1]), 30));
                        log.add(channel.size() + " " + channel.position());
                        channel.force(true);
                        try (var lock = channel.lock(0, 5, false)) {
                            log.add(lock.isValid() + " " + lock.isShared());
                            log.add(refused(() -> channel.tryLock(4, 9, false)));
                        }
                        log.add(refused(() -> channel.position(-1)));
                    }
                    return log.toString();
                });
        twin.same(
                f -> {
                    try (var channel = Files.newByteChannel(f.resolve("c"), READ)) {
                        return channel.write(ByteBuffer.allocate(1));
                    }
                });
        twin.same(
                f -> {
                    try (var channel = Files.newByteChannel(f.resolve("c"), WRITE)) {
                        return channel.read(ByteBuffer.allocate(1));
                    }
                });
        twin.same(
                f -> {
                    try (var channel = Files.newByteChannel(f.resolve("c"), APPEND)) {
                        var before = channel.position();
                        channel.position(0);
                        channel.write(ByteBuffer.wrap(new byte[2]));
                        return before + " " + channel.position() + " " + channel.size();
                    }
                });
        twin.same(
                f -> {
                    var channel = Files.newByteChannel(f.resolve("c"), READ);
                    channel.close();
                    return channel.size();
                });
    }

    private interface Refused {
        Object run() throws Exception;
    }

    private static String refused(Refused call) {
        try {
            return "not refused: " + call.run();
        } catch (Exception e) {
            return e.getClass().getName();
        }
    }

    private void makeTree() {
        twin.same(f -> Files.createDirectories(f.resolve("d/e/f")));
        twin.same(f -> Files.writeString(f.resolve("d/one.txt"), "one"));
        twin.same(f -> Files.writeString(f.resolve("d/e/two.java"), "two!"));
        twin.same(f -> Files.createLink(f.resolve("d/hard"), f.resolve("d/one.txt")));
        twin.same(f -> Files.createSymbolicLink(f.resolve("soft"), path(f, "d/one.txt")));
        twin.same(f -> Files.createSymbolicLink(f.resolve("dir"), path(f, "d")));
        twin.same(f -> Files.createSymbolicLink(f.resolve("dangling"), path(f, "nowhere")));
        twin.same(f -> Files.createSymbolicLink(f.resolve("loop"), path(f, "loop")));
    }

    private static Path path(Path of, String text) {
        return of.getFileSystem().getPath(text);
    }

    @Test
    void makesAndRemovesNames() {
        makeTree();
        twin.same(f -> Files.createDirectory(f.resolve("d")));
        twin.same(f -> Files.createDirectory(f.resolve("x/y")));
        twin.same(f -> Files.createDirectory(f.resolve("soft/y")));
        twin.same(f -> Files.createDirectories(f.resolve("dir/new")));
        twin.same(f -> Files.createDirectories(f.resolve("soft")));
        twin.same(f -> Files.createFile(f.resolve("soft")));
        twin.same(f -> Files.createFile(f.resolve("dangling")));
        twin.same(f -> Files.createLink(f.resolve("h2"), f.resolve("none")));
        twin.same(f -> Files.createLink(f.resolve("h2"), f.resolve("d")) == null);
        twin.same(f -> Files.createLink(f.resolve("h3"), f.resolve("soft")));
        twin.same(f -> Files.createSymbolicLink(f.resolve("soft"), path(f, "x")));
        twin.same(f -> Files.readSymbolicLink(f.resolve("soft")));
        twin.same(f -> Files.readSymbolicLink(f.resolve("d")));
        twin.same(f -> Files.readSymbolicLink(f.resolve("none")));
        twin.sameTrees();
        for (var name : List.of("none", "d", "d/one.txt", "soft", "dir", "d/one.txt/x", "loop/x"))
            twin.same(
                    f -> {
                        Files.delete(f.resolve(name));
                        return null;
                    });
        twin.same(f -> Files.deleteIfExists(f.resolve("none")));
        twin.sameTrees();
    }

    @Test
    void tellsWhatThereIs() {
        makeTree();
        for (var name :
                List.of(
                        "d",
                        "d/one.txt",
                        "soft",
                        "dir",
                        "dangling",
                        "loop",
                        "none",
                        "soft/x",
                        "")) {
            twin.same(f -> Files.exists(f.resolve(name)));
            twin.same(f -> Files.exists(f.resolve(name), NOFOLLOW_LINKS));
            twin.same(f -> Files.notExists(f.resolve(name)));
            twin.same(f -> Files.isDirectory(f.resolve(name)));
            twin.same(f -> Files.isRegularFile(f.resolve(name)));
            twin.same(f -> Files.isSymbolicLink(f.resolve(name)));
            twin.same(f -> Files.isReadable(f.resolve(name)));
            twin.same(f -> Files.isHidden(f.resolve(name)));
            twin.same(f -> Files.isSameFile(f.resolve(name), f.resolve("d/one.txt")));
            twin.same(f -> Files.isSameFile(f.resolve(name), f.resolve(name)));
            twin.same(f -> f.resolve(name).toRealPath());
            twin.same(f -> f.resolve(name).toRealPath(NOFOLLOW_LINKS));
            twin.same(f -> f.resolve(name).resolve("../d/.").toRealPath(NOFOLLOW_LINKS));
            twin.same(f -> Files.getPosixFilePermissions(f.resolve(name)));
            twin.same(f -> Files.readAttributes(f.resolve(name), "*").keySet());
            twin.same(f -> Files.readAttributes(f.resolve(name), "unix:*").keySet());
            twin.same(f -> Files.getAttribute(f.resolve(name), "unix:nlink"));
            twin.same(f -> Files.readAttributes(f.resolve(name), "posix:none"));
            twin.same(f -> Files.readAttributes(f.resolve(name), "frob:size"));
            twin.same(f -> list(f.resolve(name), "*"));
            twin.same(f -> list(f.resolve(name), "*.{txt,java}"));
        }
        for (var options :
                List.of(
                        new FileVisitOption[0],
                        new FileVisitOption[] {FileVisitOption.FOLLOW_LINKS}))
            twin.same(
                    f -> {
                        try (var walk = Files.walk(f, options)) {
                            return walk.toList();
                        }
                    });
    }

    private static List<Path> list(Path folder, String glob) throws IOException {
        var all = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(folder, glob)) {
            stream.forEach(all::add);
        }
        return all;
    }

    @Test
    void changesAttributes() {
        makeTree();
        var time = FileTime.from(java.time.Instant.parse("2001-02-03T04:05:06.123456789Z"));
        for (var name : List.of("d", "d/one.txt", "soft", "dangling", "none")) {
            twin.same(f -> Files.setLastModifiedTime(f.resolve(name), time));
            twin.same(f -> Files.getLastModifiedTime(f.resolve(name)));
            twin.same(f -> Files.setAttribute(f.resolve(name), "lastAccessTime", time));
            twin.same(
                    f ->
                            Files.setPosixFilePermissions(
                                    f.resolve(name), PosixFilePermissions.fromString("rwx-w--wx")));
            twin.same(f -> Files.setAttribute(f.resolve(name), "unix:mode", 0751));
            twin.same(f -> Files.setAttribute(f.resolve(name), "posix:frob", 1));
            twin.same(f -> Files.setAttribute(f.resolve(name), "unix:ino", 1));
        }
        twin.same(
                f -> {
                    Files.getFileAttributeView(
                                    f.resolve("soft"), BasicFileAttributeView.class, NOFOLLOW_LINKS)
                            .setTimes(time, time, null);
                    return Files.getLastModifiedTime(f.resolve("soft"), NOFOLLOW_LINKS);
                });
        var attribute =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-"));
        twin.same(f -> Files.createFile(f.resolve("made"), attribute));
        twin.same(f -> Files.createDirectory(f.resolve("madedir"), attribute));
        twin.same(
                f ->
                        Files.getFileAttributeView(
                                f, java.nio.file.attribute.AclFileAttributeView.class));
        twin.sameTrees();
    }

    private static UserDefinedFileAttributeView user(Path path) {
        return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
    }

    @Test
    void keepsAttributesOfUsers() {
        twin.same(f -> Files.write(f.resolve("a"), new byte[1]));
        twin.same(f -> user(f.resolve("a")).name());
        twin.same(f -> user(f.resolve("a")).list());
        twin.same(f -> user(f.resolve("a")).write("one", ByteBuffer.wrap(new byte[] {49, 50})));
        twin.same(f -> Files.setAttribute(f.resolve("a"), "user:two", new byte[] {51}).equals(f));
        twin.same(
                f -> Files.setAttribute(f.resolve("a"), "user:no", ByteBuffer.allocate(0)) == null);
        twin.same(f -> Files.setAttribute(f.resolve("a"), "user:text", "text") == null);
        twin.same(f -> user(f.resolve("a")).list());
        twin.same(f -> user(f.resolve("a")).size("one"));
        twin.same(f -> user(f.resolve("a")).size("none"));
        twin.same(f -> user(f.resolve("none")).list());
        twin.same(f -> user(f.resolve("a")).read("one", ByteBuffer.allocate(1)));
        twin.same(
                f -> {
                    var value = ByteBuffer.allocate(9);
                    int count = user(f.resolve("a")).read("one", value.position(1));
                    return count + " " + value.position() + " " + value.get(2);
                });
        twin.same(f -> (byte[]) Files.getAttribute(f.resolve("a"), "user:two"));
        twin.same(f -> Files.readAttributes(f.resolve("a"), "user:*").keySet());
        twin.same(f -> Files.readAttributes(f.resolve("a"), "user:one,two").keySet());
        twin.same(f -> Files.copy(f.resolve("a"), f.resolve("b"), COPY_ATTRIBUTES));
        twin.same(f -> user(f.resolve("b")).list());
        twin.same(f -> Files.copy(f.resolve("a"), f.resolve("c")));
        twin.same(f -> user(f.resolve("c")).list());
        twin.same(
                f -> {
                    user(f.resolve("a")).delete("two");
                    return user(f.resolve("a")).list();
                });
        twin.same(
                f -> {
                    user(f.resolve("a")).delete("two");
                    return "deleted";
                });
        twin.sameTrees();
    }

    @Test
    void copiesAndMoves() {
        makeTree();
        var names =
                List.of(
                        "d",
                        "d/one.txt",
                        "d/e/two.java",
                        "d/e/f",
                        "soft",
                        "dir",
                        "dangling",
                        "new",
                        "none/x",
                        "d/hard");
        for (var from : names)
            for (var to : names) {
                twin.same(f -> Files.copy(f.resolve(from), f.resolve(to)));
                twin.same(f -> Files.move(f.resolve(from), f.resolve(to)));
                twin.sameTrees();
            }
    }

    @Test
    void copiesAndMovesAsOptionsSay() {
        for (long seed = 1; seed <= 6; seed++) {
            makeTree();
            var random = new Random(seed);
            var names =
                    List.of(
                            "d/one.txt",
                            "d/e/two.java",
                            "d/e/f",
                            "soft",
                            "dir",
                            "new",
                            "other",
                            "d/hard",
                            "d");
            for (int i = 0; i < 60; i++) {
                var from = names.get(random.nextInt(names.size()));
                var to = names.get(random.nextInt(names.size()));
                switch (random.nextInt(6)) {
                    case 0 ->
                            twin.same(
                                    f ->
                                            Files.copy(
                                                    f.resolve(from),
                                                    f.resolve(to),
                                                    REPLACE_EXISTING));
                    case 1 ->
                            twin.same(
                                    f ->
                                            Files.copy(
                                                    f.resolve(from),
                                                    f.resolve(to),
                                                    REPLACE_EXISTING,
                                                    COPY_ATTRIBUTES,
                                                    NOFOLLOW_LINKS));
                    case 2 ->
                            twin.same(
                                    f ->
                                            Files.move(
                                                    f.resolve(from),
                                                    f.resolve(to),
                                                    REPLACE_EXISTING));
                    case 3 ->
                            twin.same(f -> Files.move(f.resolve(from), f.resolve(to), ATOMIC_MOVE));
                    case 4 ->
                            twin.same(f -> Files.copy(f.resolve(from), f.resolve(to), ATOMIC_MOVE));
                    default -> twin.same(f -> Files.createLink(f.resolve(to), f.resolve(from)));
                }
                twin.sameTrees();
            }
            twin.same(
                    f -> {
                        try (var walk = Files.walk(f)) {
                            for (var path :
                                    walk.sorted(java.util.Comparator.reverseOrder()).toList())
                                if (!path.equals(f)) Files.delete(path);
                        }
                        return null;
                    });
        }
    }

    @Test
    void pathsAreTheJdks() {
        var texts =
                List.of(
                        "",
                        "/",
                        "a",
                        "a/b",
                        "/a",
                        "/a/b/c",
                        "//a//b/",
                        ".",
                        "..",
                        "../a",
                        "a/..",
                        "a/./b",
                        "/..",
                        "/../a",
                        "a/../../b",
                        "./a",
                        "é/\ud83d\ude00",
                        ".hidden",
                        "a/b/c/d");
        for (var one : texts) {
            twin.same(f -> path(f, one).normalize());
            twin.same(f -> path(f, one).getFileName());
            twin.same(f -> path(f, one).getParent());
            twin.same(f -> path(f, one).getRoot());
            twin.same(f -> path(f, one).getNameCount());
            twin.same(f -> path(f, one).isAbsolute());
            twin.same(f -> path(f, one).subpath(0, 1));
            twin.same(f -> path(f, one).getName(1));
            for (var two : texts) {
                twin.same(f -> path(f, one).resolve(two));
                twin.same(f -> path(f, one).resolveSibling(two));
                twin.same(f -> path(f, one).relativize(path(f, two)));
                twin.same(f -> path(f, one).startsWith(two));
                twin.same(f -> path(f, one).endsWith(two));
                twin.same(f -> path(f, one).equals(path(f, two)));
                twin.same(f -> Integer.signum(path(f, one).compareTo(path(f, two))));
                twin.same(f -> f.getFileSystem().getPath(one, two, "x"));
            }
        }
        twin.same(f -> path(f, "a\0b"));
    }

    @Test
    void matchersAreTheJdks() {
        var globs =
                List.of(
                        "*",
                        "**",
                        "*.java",
                        "**.java",
                        "?",
                        "a?c",
                        "{a,b}*",
                        "[abc]*",
                        "[!a]*",
                        "[a-c]x",
                        "[-a]",
                        "[a-]",
                        "[!-a]",
                        "\\*",
                        "a\\",
                        "[",
                        "{",
                        "{a,{b}}",
                        "a}",
                        "a,b",
                        "**/*.txt",
                        "[*?]",
                        "[^a]",
                        "*/b",
                        "[z-a]",
                        "[a/b]",
                        "[[]",
                        "[&&]",
                        "é*",
                        "a.c",
                        "{,a}",
                        "(a)",
                        "[a-c-e]");
        var paths =
                List.of(
                        "",
                        "a",
                        "b",
                        "abc",
                        "a.c",
                        "x.java",
                        "d/x.java",
                        "a/b",
                        "-",
                        "*",
                        "?",
                        "^",
                        "[",
                        "&",
                        "é1",
                        "a,b",
                        "d/e/f.txt",
                        "a}",
                        "(a)",
                        "bx",
                        "d");
        for (var glob : globs)
            for (var text : paths)
                twin.same(
                        f ->
                                f.getFileSystem()
                                        .getPathMatcher("glob:" + glob)
                                        .matches(path(f, text)));
        twin.same(f -> f.getFileSystem().getPathMatcher("regex:a.*").matches(path(f, "abc")));
        twin.same(f -> f.getFileSystem().getPathMatcher("frob:a"));
        twin.same(f -> f.getFileSystem().getPathMatcher("a"));
    }

    @Test
    void severalAttributesAreReadAtOnce() {
        twin.same(
                f ->
                        Files.readAttributes(f, "basic:isDirectory,isOther")
                                .equals(Map.of("isDirectory", true, "isOther", false)));
    }
}
