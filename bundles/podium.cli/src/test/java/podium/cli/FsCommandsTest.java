package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import podium.archive.ArchiveService;
import podium.json.Json;
import podium.pod.Pod;
import podium.pod.PodManager;
import podium.syscall.Credentials;
import podium.vfs.FileSystemType;
import podium.vfs.FsContext;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;
import podium.vfs.sqlite.SqliteFileSystemType;
import podium.vfs.store.StoreFileSystemType;

class FsCommandsTest {

    private static final FileTime TIME = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir Path folder;

    private final VfsService vfs =
            new VfsService(
                    List.of(
                            new MemoryFileSystemType(),
                            new StoreFileSystemType(),
                            new SqliteFileSystemType()),
                    null);
    private final List<AutoCloseable> open = new ArrayList<>();
    private FileSystem files;
    private FileSystem other;
    private ContainerServices services;
    private String messages = "";
    private int status;

    @BeforeEach
    void open() throws Exception {
        var one = pod("one");
        var two = pod("two");
        files = one.fileSystem();
        other = two.fileSystem();
        services =
                new ContainerServices(
                        manager(Map.of("one", one, "two", two)), vfs, new ArchiveService());
        Files.createDirectories(files.getPath("/d/sub"));
        Files.writeString(files.getPath("/d/a.txt"), "hello\n");
        Files.createLink(files.getPath("/d/b"), files.getPath("/d/a.txt"));
        Files.createSymbolicLink(files.getPath("/d/sub/l"), files.getPath("../a.txt"));
        for (var path : List.of("/d/a.txt", "/d/sub", "/d"))
            Files.setLastModifiedTime(files.getPath(path), TIME);
    }

    @AfterEach
    void close() throws Exception {
        for (var one : open.reversed()) one.close();
    }

    private Pod pod(String name) throws Exception {
        MountNamespace namespace = vfs.namespace(List.of(MountSpec.of("/", "memory")));
        FsContext context = vfs.context(namespace, Credentials.ROOT);
        var view = vfs.fileSystem(namespace, name, Credentials.ROOT);
        open.addAll(List.of(namespace, context, view));
        return proxy(Pod.class, Map.of("name", name, "files", context, "fileSystem", view));
    }

    static PodManager manager(Map<String, Pod> pods) {
        return (PodManager)
                Proxy.newProxyInstance(
                        FsCommandsTest.class.getClassLoader(),
                        new Class<?>[] {PodManager.class},
                        (_, _, arguments) -> pods.get(String.valueOf(arguments[0])));
    }

    private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, _) -> answers.get(method.getName())));
    }

    private String run(String... words) throws Exception {
        return run(new byte[0], false, words);
    }

    private String run(byte[] input, boolean terminal, String... words) throws Exception {
        var output = new ByteArrayOutputStream();
        var session = session(new ByteArrayInputStream(input), output, terminal, words);
        var command = FsSubcommand.of(List.of(words));
        command.check();
        command.run(session);
        session.output().flush();
        status = session.status();
        return output.toString(StandardCharsets.ISO_8859_1);
    }

    private FsSession session(
            java.io.InputStream input,
            ByteArrayOutputStream output,
            boolean terminal,
            String... words) {
        messages = "";
        return new FsSession(
                services,
                new FsRequest(List.of(words), folder.toString(), terminal, terminal),
                input,
                output,
                (kind, text) -> messages += kind == Frame.ERROR ? text : "");
    }

    private String failure(String... words) {
        var e = assertThrows(Exception.class, () -> run(words));
        var message = CommandException.message(e);
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void ls() throws Exception {
        var lines = run("ls", "one:/d").lines().toList();
        assertEquals("MODE        OWNER  SIZE  MODIFIED              NAME", lines.getFirst());
        assertEquals("-rw-r--r--  0:0    6     2001-09-09T01:46:40Z  a.txt", lines.get(1));
        assertEquals(4, lines.size());
        assertTrue(run("ls", "one:/d/sub").contains(" l -> ../a.txt\n"));
        assertTrue(run("ls", "--json", "one:/d/a.txt").contains("\"size\":\"6\""));
        assertTrue(run(new byte[0], true, "ls", "one:/d").contains("\033[1;34msub\033[0m"));
        assertEquals("'/none': No such file or directory", failure("ls", "one:/none"));
    }

    @Test
    void aNameDoesNotSteerTheTerminal() throws Exception {
        Files.createFile(files.getPath("/d/\033]0;evil\007"));
        for (var command : List.of("ls", "tree")) {
            var shown = run(new byte[0], true, command, "one:/d");
            assertFalse(shown.contains("\033]0"), shown);
            assertTrue(shown.contains("?]0;evil?"), shown);
            assertTrue(run(command, "one:/d").contains("\033]0;evil\007"));
        }
    }

    @Test
    void cat() throws Exception {
        assertEquals("hello\nhello\n", run("cat", "one:/d/a.txt", "one:/d/sub/l"));
        assertEquals("Is a directory", failure("cat", "one:/d"));
        var bytes = new byte[1 << 20];
        new java.util.Random(3).nextBytes(bytes);
        Files.write(files.getPath("/big"), bytes);
        assertEquals(new String(bytes, StandardCharsets.ISO_8859_1), run("cat", "one:/big"));
    }

    @Test
    void rm() throws Exception {
        assertTrue(failure("rm", "one:/d").contains("--recursive"));
        assertTrue(failure("rm", "-r", "one:/").contains("root"));
        assertTrue(failure("rm", "-r", "one:/d/..").contains("root"));
        assertEquals("'/none': No such file or directory", failure("rm", "one:/none"));
        run("rm", "-f", "one:/none");
        Files.createSymbolicLink(files.getPath("/link"), files.getPath("/d"));
        run("rm", "-r", "one:/link");
        assertTrue(Files.exists(files.getPath("/d/a.txt")));
        run("rm", "-r", "one:/d");
        assertFalse(Files.exists(files.getPath("/d")));
    }

    @Test
    void tree() throws Exception {
        var shown =
                new String(
                        run("tree", "one:/d").getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8);
        assertEquals(
                """
                /d
                ├── a.txt
                ├── b
                └── sub
                    └── l -> ../a.txt
                """,
                shown);
        assertEquals(4, run("tree", "-L", "1", "one:/d").lines().count());
        assertEquals(5, run("tree", "--json", "one:/d").lines().count());
        assertThrows(CommandException.class, () -> run("tree", "-L", "0", "one:/d"));
    }

    @Test
    void stat() throws Exception {
        var shown = run("stat", "one:/d/a.txt");
        assertTrue(shown.contains("links     2\n"), shown);
        assertTrue(shown.contains("modified  2001-09-09T01:46:40Z\n"), shown);
        assertTrue(shown.contains("mount     memory\n"), shown);
        assertTrue(run("stat", "--json", "one:/d/sub/l").contains("\"target\":\"../a.txt\""));
    }

    @Test
    void du() throws Exception {
        assertEquals("0\t/d/sub\n6\t/d\n", run("du", "one:/d"));
        assertEquals("6\t/d\n", run("du", "-s", "one:/d"));
        assertEquals("6 B\t/d\n", run("du", "-s", "-H", "one:/d"));
        assertEquals("{\"path\":\"/d\",\"bytes\":6}\n", run("du", "-s", "--json", "one:/d"));
    }

    @Test
    void df() throws Exception {
        run("mount", "one:/m", "--type", "memory", "-o", "quota=8k", "-o", "quota.inodes=2");
        Files.writeString(files.getPath("/m/x"), "text");
        assertEquals("text", Files.readString(files.getPath("/m/x")));
        assertThrows(IOException.class, () -> Files.write(files.getPath("/m/y"), new byte[20_000]));
        var lines = run("df", "one:/m").lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.getLast().matches("/m +memory +8192 +8192 +0 +2 +0 +0"), lines.getLast());
        assertTrue(run("df", "-H", "one:/m").contains("8.0 KiB"));
        assertTrue(run("df", "one").lines().count() > 2);
        var all = (java.util.Map<?, ?>) Json.parse(run("df", "--json", "one:/m"));
        assertEquals(8192.0, java.util.Objects.requireNonNull(all).get("size"));
        assertEquals(2.0, all.get("creates"));
        assertEquals(4.0, all.get("bytesRead"));
        // Four bytes are held in a piece of 64, which the others have no room in.
        assertEquals(4.0 + 8192 - 64, all.get("bytesWritten"));
        assertEquals(java.util.Map.of("EDQUOT", 1.0), all.get("errors"));
        var row = run("df", "--activity", "one:/m").lines().toList().getLast();
        assertTrue(row.endsWith("EDQUOT=1"), row);
        assertTrue(failure("df", "one:/none").contains("No such file"));
    }

    @Test
    void mountAndUmount() throws Exception {
        run("mount", "one:/m", "--type", "memory", "-o", "mode=700");
        assertTrue(run("mount", "one").contains("/m      memory"));
        assertTrue(run("mount", "one", "--json").contains("\"options\":\"mode=700\""));
        Files.createFile(files.getPath("/m/x"));
        try (var _ = Files.newInputStream(files.getPath("/m/x"))) {
            assertTrue(failure("umount", "one:/m").contains("in use"));
        }
        run("umount", "one:/m");
        assertFalse(Files.exists(files.getPath("/m/x")));
        assertTrue(failure("umount", "one:/m").contains("nothing is mounted"));
        assertTrue(failure("mount", "one:/m", "-t", "frob").contains("frob"));
        assertThrows(CommandException.class, () -> run("mount", "one:/m", "--read-only"));
    }

    /// The file that content is in, below the source.
    private void damage(String source, Path content) throws Exception {
        var bytes = Files.readAllBytes(content);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("known text");
        assertTrue(at > 0 || text.startsWith("known"), source);
        bytes[at + 3] ^= 1;
        Files.write(content, bytes);
    }

    @ParameterizedTest
    @CsvSource({"store, store/data-00000001", "sqlite, sqlite"})
    void checkAndRepair(String type, String content) throws Exception {
        FileSystemType maker =
                type.equals("store") ? new StoreFileSystemType() : new SqliteFileSystemType();
        var spec = MountSpec.of("/", type, folder.resolve(type).toString());
        try (var fs = maker.create(spec)) {
            var file = fs.root().createDirectory("d", 0755, 0, 0).create("f", 0644, 0, 0);
            file.write(ByteBuffer.wrap("known text".getBytes(StandardCharsets.UTF_8)), 0);
            fs.sync();
            for (var verb : List.of("check", "repair")) {
                assertTrue(failure(verb, type, type).contains("open already"));
                var e = assertThrows(CommandException.class, () -> run(verb, type, type));
                assertEquals(8, e.status());
            }
        }
        assertTrue(run("check", type, type).contains("0 problems"));
        assertEquals(0, status);
        damage(type, folder.resolve(content));
        assertTrue(run("check", type, type).startsWith("/d/f: bytes 0 to "));
        assertEquals(4, status);
        var json = run("check", "--json", type, type);
        assertTrue(json.startsWith("{\"problem\":\"/d/f: bytes 0 to "), json);
        assertTrue(json.endsWith("{\"problems\":1,\"repaired\":false}\n"), json);
        assertTrue(run("repair", type, type).contains("repaired"));
        assertEquals(1, status);
        run("repair", type, type);
        assertEquals(0, status);
    }

    @Test
    void whatCannotBeCheckedIsSaidInOneLine() {
        assertTrue(failure("check", "memory", "x").contains("memory cannot be checked"));
        assertTrue(failure("check", "frob", "x").contains("'frob'"));
        assertTrue(failure("check", "sqlite", "none").contains("does not exist"));
        assertTrue(failure("repair", "store", "none").contains("no such directory"));
    }

    @Test
    void migrate() throws Exception {
        run("mount", "one:/m", "--type", "memory");
        Files.writeString(files.getPath("/m/x"), "moves");
        var done = run("migrate", "one:/m", "memory", "-o", "mode=700", "--json");
        assertTrue(done.matches("\\{\"inodes\":\"?2\"?,\"bytes\":\"?5\"?,.*\\}\n"), done);
        assertTrue(run("mount", "one").contains("mode=700"));
        assertEquals("moves", Files.readString(files.getPath("/m/x")));
        assertEquals("", run("migrate", "one:/m", "memory", "--no-verify"));
        assertTrue(failure("migrate", "one:/d", "memory").contains("nothing is mounted there"));
        assertTrue(failure("migrate", "one:/m", "frob").contains("frob"));
        assertEquals("moves", Files.readString(files.getPath("/m/x")));
    }

    @Test
    void snapshotAndRestore() throws Exception {
        run("mount", "one:/m", "--type", "memory");
        Files.writeString(files.getPath("/m/x"), "before");
        var done = run("snapshot", "one:/m", "first", "--json");
        assertTrue(done.matches("\\{\"name\":\"first\",\"held_ms\":\"[0-9.]+\"\\}\n"), done);
        Files.writeString(files.getPath("/m/x"), "after");
        Files.delete(files.getPath("/m/x"));
        run("snapshot", "one:/m");
        assertTrue(messages.matches("podium: took snapshot 2\\S+Z of one:/m; .* ms\n"), messages);
        var list = run("snapshot", "--list", "one:/m").split("\n");
        assertEquals(3, list.length);
        assertTrue(list[1].matches("first +2\\S+Z +2 +\\S+ \\S+ +\\S+ \\S+"), list[1]);
        var json = run("snapshot", "-l", "one:/m", "--json");
        assertTrue(json.contains("\"name\":\"first\",\"taken\":\"2"), json);
        run("mount", "one:/then", "--type", "snapshot", "--source", "/m@first");
        assertEquals("before", Files.readString(files.getPath("/then/x")));
        assertTrue(failure("snapshot", "one:/then", "a").contains("keeps no snapshots"));
        run("cp", "one:/then/x", "one:/d/saved");
        assertThrows(
                java.nio.file.FileSystemException.class,
                () -> Files.delete(files.getPath("/then/x")));
        run("restore", "one:/m", "first");
        assertTrue(messages.startsWith("podium: restored snapshot first of one:/m; "), messages);
        assertEquals("before", Files.readString(files.getPath("/m/x")));
        assertTrue(failure("snapshot", "-d", "one:/m", "first").contains("mounted"));
        assertTrue(failure("umount", "one:/m").contains("in use"));
        run("umount", "one:/then");
        run("snapshot", "-d", "one:/m", "first");
        assertTrue(failure("migrate", "one:/m", "memory").contains("snapshots"));
        assertTrue(failure("restore", "one:/m", "first").contains("none of that name"));
        assertTrue(failure("snapshot", "one:/m", "a/b").contains("a name has"));
        assertTrue(failure("snapshot", "one:/d", "a").contains("nothing is mounted"));
        assertTrue(failure("mount", "one:/t", "-t", "snapshot", "-s", "/m@q").contains("no snap"));
        assertTrue(failure("mount", "one:/t", "-t", "snapshot", "-s", "q").contains("PATH@NAME"));
        assertThrows(CommandException.class, () -> run("snapshot", "one:/m", "--delete"));
        assertThrows(CommandException.class, () -> run("snapshot", "one:/m", "x", "--list"));
    }

    @Test
    void cpInAndOut() throws Exception {
        var tree = Files.createDirectories(folder.resolve("tree/sub")).getParent();
        var script = Files.writeString(tree.resolve("run.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(tree.resolve("sub/up"), Path.of("../run.sh"));
        Files.setLastModifiedTime(script, TIME);
        assertTrue(failure("cp", "tree", "one:/new").contains("--recursive"));
        run("cp", "-r", "tree", "one:/new");
        run("cp", "-r", "tree", "one:/new");
        for (var at : List.of("/new", "/new/tree")) {
            assertEquals("#!/bin/sh\n", Files.readString(files.getPath(at, "sub/up")));
            assertEquals(TIME, Files.getLastModifiedTime(files.getPath(at, "run.sh")));
            assertEquals(0100750, Files.getAttribute(files.getPath(at, "run.sh"), "unix:mode"));
        }
        run("cp", "one:/new", "out", "-r");
        assertEquals(Path.of("../run.sh"), Files.readSymbolicLink(folder.resolve("out/sub/up")));
        assertEquals(TIME, Files.getLastModifiedTime(folder.resolve("out/run.sh")));
        run("cp", "-r", "one:/d", "two:/copied");
        assertEquals("hello\n", Files.readString(other.getPath("/copied/b")));
        assertTrue(failure("cp", "-r", "one:/d", "one:/d/sub/x").contains("into itself"));
        assertTrue(failure("cp", "none", "one:/").contains("none"));
        assertThrows(CommandException.class, () -> run("cp", "a", "b"));
        assertThrows(CommandException.class, () -> run("cp", "a", "one:relative"));
    }

    /// A pod's links must not lead a copy astray on the host.
    @Test
    void cpOutWritesThroughNoLink() throws Exception {
        var mine = Files.writeString(folder.resolve("mine"), "mine");
        var out = Files.createDirectory(folder.resolve("out"));
        Files.createSymbolicLink(out.resolve("a.txt"), mine);
        Files.createSymbolicLink(out.resolve("sub"), folder);
        Files.createDirectories(folder.resolve("into"));
        Files.createSymbolicLink(folder.resolve("into/d"), out);
        assertTrue(failure("cp", "-r", "one:/d", "into").contains("File exists"));
        run("cp", "one:/d/a.txt", "out");
        assertEquals("mine", Files.readString(mine));
        assertEquals("hello\n", Files.readString(out.resolve("a.txt")));
    }

    @Test
    void exportAndImport() throws Exception {
        for (var name : List.of("a.tar", "a.tgz", "a.zip")) {
            run("export", "one:/d", name);
            assertEquals(
                    "podium: exported 4 entries, " + (name.endsWith("zip") ? "12" : "6") + " B\n",
                    messages);
            run("import", name, "two:/" + name);
            assertEquals("hello\n", Files.readString(other.getPath("/" + name + "/sub/l")));
            assertFalse(Files.exists(folder.resolve(name + ".part")));
        }
        var bytes =
                run("export", "one:/d", "--format", "tar.gz").getBytes(StandardCharsets.ISO_8859_1);
        run(bytes, false, "import", "-", "two:/stdin");
        assertEquals("hello\n", Files.readString(other.getPath("/stdin/a.txt")));
        assertTrue(
                assertThrows(
                                CommandException.class,
                                () -> run(new byte[0], true, "export", "one:/d"))
                        .getMessage()
                        .contains("terminal"));
        assertTrue(failure("import", "a.tar", "two:/few", "--max-entries", "2").contains("limit"));
        assertTrue(failure("import", "none.tar", "two:/x").contains("none.tar"));
        assertTrue(failure("export", "one:/none", "b.tar").contains("/none"));
        assertFalse(Files.exists(folder.resolve("b.tar")));
    }

    @Test
    void theConversationEndsWithTheClient() throws Exception {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
            server.bind(address);
            assertEquals(List.of(Frame.ABSENT), converse(server, address, "ls", "three:/"));
            assertEquals(
                    List.of(Frame.ERROR, Frame.EXIT), converse(server, address, "ls", "one:/none"));
            assertEquals(
                    List.of(Frame.OUTPUT, Frame.EXIT), converse(server, address, "ls", "one:/"));
            assertEquals(List.of(Frame.ERROR, Frame.EXIT), converse(server, address, "frob"));
        }
    }

    private List<Integer> converse(
            ServerSocketChannel server, UnixDomainSocketAddress address, String... words)
            throws Exception {
        try (var client = SocketChannel.open(address);
                var connection = server.accept()) {
            var request = FsRequest.read(new FsRequest(List.of(words), "/", false, false).write());
            new FsServer(connection, services).execute(request);
            connection.shutdownOutput();
            var kinds = new ArrayList<Integer>();
            var in = new java.io.DataInputStream(Channels.newInputStream(client));
            for (@Nullable Frame frame = Frame.read(in); frame != null; frame = Frame.read(in))
                kinds.add(frame.kind());
            return kinds;
        }
    }

    @Test
    void whatIsCancelledStops() throws Exception {
        Files.write(files.getPath("/big"), new byte[10 << 20]);
        var session =
                session(java.io.InputStream.nullInputStream(), new ByteArrayOutputStream(), false);
        session.cancel();
        assertThrows(
                InterruptedIOException.class,
                () -> new TreeCopy(session).copy(files.getPath("/big"), files.getPath("/other")));
        var unused =
                assertThrows(
                        Exception.class,
                        () -> FsSubcommand.of(List.of("cat", "one:/big")).run(session));
    }

    @Test
    void progressIsALine() {
        assertEquals("12 files, 3.0 KiB", ProgressBar.text("12 3072 0"));
        assertEquals("[############------------] 1 file, 512 B", ProgressBar.text("1 512 1024"));
    }
}
