package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.testkit.VfsContract;
import podium.testkit.posix.VfsPosix;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.Mode;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.Vfs;
import podium.vfs.memory.MemoryFileSystemType;

class VfsServiceTest extends VfsContract {

    /// A file system with one link that jumps, and names that come and go.
    private static final class Views implements FileSystemType {

        @Nullable OpenFile target;
        List<FixedDirectory.Named> names = new ArrayList<>();

        @Override
        public String name() {
            return "views";
        }

        @Override
        public FileSystem create(MountSpec spec) {
            names.add(new FixedDirectory.Named("jump", new Jump()));
            var root = new FixedDirectory(1, Mode.DIRECTORY | 0555, names);
            return new FileSystem() {
                @Override
                public Node.Directory root() {
                    return root;
                }

                @Override
                public Set<Capability> capabilities() {
                    return Set.of();
                }

                @Override
                public boolean stable() {
                    return false;
                }

                @Override
                public Statistics statistics() {
                    return new Statistics(0, 4096, 0, 0, 0, 0);
                }

                @Override
                public void sync() {}

                @Override
                public void close() {}
            };
        }

        private final class Jump implements Node.Link {

            @Override
            public Attributes attributes() {
                return Attributes.of(2, Mode.LINK | 0777, 0, 0, 0);
            }

            @Override
            public void change(AttributeChange change) {
                throw Errno.EPERM.exception();
            }

            @Override
            public String target() {
                return "pipe:[1]";
            }

            @Override
            public @Nullable OpenFile jump() {
                var file = target;
                if (file == null || !file.retain()) throw Errno.ENOENT.exception();
                return file;
            }
        }
    }

    private final Views views = new Views();

    @Override
    protected Vfs create() {
        return new VfsService(
                List.of(new MemoryFileSystemType(), new DevFileSystemType(), views), null);
    }

    @Test
    void whoNamesAnUnknownTypeIsToldTheKnownOnes() {
        var spec = MountSpec.of("/z", "zip");
        var e = assertThrows(MountException.class, () -> namespace.mount(context, spec));
        assertEquals(
                "no bundle provides file systems of type 'zip'; there are dev, memory, views",
                e.getMessage());
    }

    @Test
    void jumpingLeadsToADeletedFileAndOn() throws MountException {
        namespace.mount(context, MountSpec.of("/v", "views"));
        var file = namespace.open(context, null, "/f", OpenFile.O_CREAT | OpenFile.O_RDWR, 0644);
        file.write(ByteBuffer.wrap("deleted".getBytes(StandardCharsets.UTF_8)));
        namespace.unlink(context, null, "/f", 0);
        views.target = file;
        var again = namespace.open(context, null, "/v/jump", OpenFile.O_RDONLY, 0);
        assertEquals(7, again.read(ByteBuffer.allocate(10)));
        assertEquals("pipe:[1]", namespace.readLink(context, null, "/v/jump"));
        file.release();
        assertEquals(7, again.read(ByteBuffer.allocate(10), 0));
        again.release();
        namespace.makeDirectory(context, null, "/d", 0755);
        namespace.makeDirectory(context, null, "/d/e", 0755);
        views.target = namespace.open(context, null, "/d", OpenFile.O_DIRECTORY, 0);
        assertEquals("/d/e", namespace.resolve(context, null, "/v/jump/e", 0).path());
        assertEquals("/d", namespace.resolve(context, null, "/v/jump/", 0).path());
        assertEquals("/", namespace.resolve(context, null, "/v/jump/..", 0).path());
        views.target.release();
    }

    @Test
    void jumpingToAFileWithoutAPlaceGivesItself() throws MountException {
        namespace.mount(context, MountSpec.of("/v", "views"));
        var pipe =
                new OpenFile(OpenFile.O_RDWR) {
                    boolean closed;

                    @Override
                    protected void closed() {
                        closed = true;
                    }

                    @Override
                    public Attributes attributes() {
                        return Attributes.of(77, Mode.FIFO | 0600, 0, 0, 0);
                    }

                    @Override
                    public String description() {
                        return "pipe:[77]";
                    }
                };
        views.target = pipe;
        assertEquals(77, namespace.resolve(context, null, "/v/jump", 0).attributes().inode());
        assertEquals("pipe:[77]", namespace.resolve(context, null, "/v/jump", 0).path());
        assertSame(pipe, namespace.open(context, null, "/v/jump", OpenFile.O_RDONLY, 0));
        pipe.release();
        var e =
                assertThrows(
                        ErrnoException.class,
                        () -> namespace.open(context, null, "/v/jump/x", OpenFile.O_RDONLY, 0));
        assertEquals(Errno.ENOTDIR, e.errno());
        assertTrue(!pipe.closed);
        pipe.release();
        assertTrue(pipe.closed);
    }

    @Test
    void namesOfAnUnstableFileSystemAreAskedForEachTime() throws MountException {
        namespace.mount(context, MountSpec.of("/v", "views"));
        views.names.add(new FixedDirectory.Named("x", new FixedLink("1", 8)));
        assertEquals("1", namespace.readLink(context, null, "/v/x"));
        views.names.set(1, new FixedDirectory.Named("x", new FixedLink("2", 9)));
        assertEquals("2", namespace.readLink(context, null, "/v/x"));
        views.names.remove(1);
        assertThrows(ErrnoException.class, () -> namespace.readLink(context, null, "/v/x"));
    }

    @Test
    void devicesDoAsTheirManPagesSay() throws MountException {
        namespace.mount(context, MountSpec.of("/dev", "dev"));
        var buffer = ByteBuffer.allocate(100);
        assertEquals(0, device("null").read(buffer));
        assertEquals(100, device("null").write(buffer.clear()));
        assertEquals(100, device("zero").read(buffer.clear()));
        assertEquals(0, buffer.get(99));
        assertEquals(Errno.ENOSPC.negated(), device("full").write(buffer.clear()));
        assertEquals(100, device("urandom").read(buffer.clear()));
        assertTrue(!ByteBuffer.allocate(100).equals(buffer.flip()));
        assertEquals("/dev/null", device("null").description());
        var attributes = device("null").attributes();
        assertEquals(0x103, attributes.device());
        assertEquals(Mode.CHARACTER | 0666, attributes.mode());
        assertEquals("/proc/self/fd/1", namespace.readLink(context, null, "/dev/stdout"));
        var e =
                assertThrows(
                        ErrnoException.class,
                        () -> namespace.open(context, null, "/dev/new", OpenFile.O_CREAT, 0644));
        assertEquals(Errno.EROFS, e.errno());
    }

    private OpenFile device(String name) {
        return namespace.open(context, null, "/dev/" + name, OpenFile.O_RDWR, 0);
    }

    @Test
    void memoryFilesHaveNoName() {
        var file = namespace.memoryFile(context, "x");
        assertEquals(3, file.write(ByteBuffer.wrap(new byte[3])));
        assertEquals("/memfd:x (deleted)", file.description());
        assertEquals(0, file.attributes().links());
        file.release();
    }

    @Test
    void readingSetsTheAccessTimeAfterAChangeOnly() throws InterruptedException {
        var file = namespace.open(context, null, "/f", OpenFile.O_CREAT | OpenFile.O_RDWR, 0644);
        file.write(ByteBuffer.wrap(new byte[10]));
        long before = file.attributes().accessed();
        Thread.sleep(5);
        file.read(ByteBuffer.allocate(1), 0);
        long first = file.attributes().accessed();
        assertTrue(first > before);
        Thread.sleep(5);
        file.read(ByteBuffer.allocate(1), 0);
        assertEquals(first, file.attributes().accessed());
        file.write(ByteBuffer.wrap(new byte[10]));
        Thread.sleep(5);
        file.read(ByteBuffer.allocate(1), 0);
        assertTrue(file.attributes().accessed() > first);
        file.release();
    }

    @Test
    void directoriesCanBeReadOnFromAnyEntry() {
        var posix = new VfsPosix(vfs, namespace);
        for (int i = 0; i < 50; i++) posix.mkdir("/d" + i, 0755);
        var directory = namespace.open(context, null, "/", OpenFile.O_DIRECTORY, 0);
        var all = new ArrayList<String>();
        var offsets = new ArrayList<Long>();
        var buffer = ByteBuffer.allocate(24);
        for (int count; (count = directory.readDirectory(buffer.clear())) > 0; ) {
            VfsPosix.names(buffer, count, all);
            offsets.add(buffer.getLong(8));
        }
        assertEquals(52, all.size());
        assertEquals(List.of(".", ".."), all.subList(0, 2));
        for (int i = 0; i < 51; i++) {
            assertEquals((long) offsets.get(i), directory.seek(offsets.get(i), 0));
            var next = new ArrayList<String>();
            VfsPosix.names(buffer, directory.readDirectory(buffer.clear()), next);
            assertEquals(all.get(i + 1), next.getFirst());
        }
        directory.seek(0, 0);
        assertEquals(Errno.EINVAL.negated(), directory.readDirectory(ByteBuffer.allocate(23)));
        assertNotNull(directory.location());
        directory.release();
    }

    @Test
    void aTypeThatTakesNoBaseSaysSo() {
        var e =
                assertThrows(
                        MountException.class,
                        () ->
                                namespace.mount(
                                        context,
                                        MountSpec.of("/x", "dev").withOption("base", "memory")));
        assertTrue(e.getMessage().contains("dev"), e.getMessage());
        assertEquals(Credentials.ROOT, context.credentials());
    }
}
