package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.vfs.FsContext;
import podium.vfs.MountActivity;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.memory.MemoryFileSystemType;

/// What is there cannot be made, and that is said whatever else forbids it; where nobody has looked
/// yet, too.
class NewNamesTest {

    private static final int NEW = OpenFile.O_CREAT | OpenFile.O_EXCL | OpenFile.O_WRONLY;

    @TempDir Path seed;

    private final VfsService vfs = new VfsService(List.of(new MemoryFileSystemType()), null);

    @BeforeEach
    void seed() throws Exception {
        Files.createDirectory(seed.resolve("directory"));
        Files.writeString(seed.resolve("file"), "");
    }

    private interface Use {
        void use(MountNamespace pod, FsContext context);
    }

    private void mounted(MountSpec spec, Credentials who, Use use) throws Exception {
        try (var pod = vfs.namespace(List.of(spec.withOption("seed", seed.toString())));
                var context = vfs.context(pod, who)) {
            use.use(pod, context);
        }
    }

    private static MountSpec memory() {
        return MountSpec.of("/", "memory");
    }

    private static void fails(Errno errno, Executable call) {
        assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
    }

    private static void make(MountNamespace pod, FsContext context, String name, Errno otherwise) {
        var top = name.startsWith("/no") ? otherwise : Errno.EEXIST;
        fails(top, () -> pod.makeDirectory(context, null, name, 0755));
        fails(top, () -> pod.symlink(context, "x", null, name));
        fails(top, () -> pod.open(context, null, name, NEW, 0644));
    }

    private static void makeAll(MountNamespace pod, FsContext context, Errno otherwise) {
        for (var name : List.of("/directory", "/file", "/none", "/no"))
            make(pod, context, name, otherwise);
    }

    @Test
    void nobodyMayWrite() throws Exception {
        mounted(memory().asReadOnly(), Credentials.ROOT, (p, c) -> makeAll(p, c, Errno.EROFS));
    }

    @Test
    void onlyOthersMay() throws Exception {
        var who = new Credentials(1000, 1000, 1000, 1000, 1000, 1000);
        mounted(memory(), who, (p, c) -> makeAll(p, c, Errno.EACCES));
    }

    @Test
    void allInodesAreTaken() throws Exception {
        // The root and the seed's.
        var full = memory().withOption("inodes", "2");
        mounted(full, Credentials.ROOT, (p, c) -> makeAll(p, c, Errno.ENOSPC));
    }

    @Test
    void theBackendIsNotAskedTwice() throws Exception {
        mounted(
                memory(),
                Credentials.ROOT,
                (pod, context) -> {
                    var before = activity(pod, context);
                    pod.makeDirectory(context, null, "/new", 0755);
                    pod.open(context, null, "/new/file", NEW, 0644).release();
                    assertEquals(before.lookups(), activity(pod, context).lookups());
                    make(pod, context, "/file", Errno.EEXIST);
                    assertEquals(Map.of(), activity(pod, context).errors());
                });
    }

    private static MountActivity activity(MountNamespace pod, FsContext context) {
        return pod.activity(context.root());
    }
}
