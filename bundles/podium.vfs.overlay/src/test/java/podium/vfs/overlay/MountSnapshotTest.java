package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.testkit.Backends.fails;
import static podium.testkit.Backends.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.testkit.MountSnapshotContract;
import podium.vfs.FsContext;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Snapshots;
import podium.vfs.Vfs;

/// The backends that keep snapshots, mounted. (Here, since here all of them are at hand.)
class MountSnapshotTest {

    /// With all of them.
    abstract static class Mounted extends MountSnapshotContract {

        @Override
        protected final Vfs create() {
            return MigrationTest.vfs();
        }
    }

    @Nested
    class Memory extends Mounted {

        @Override
        protected MountSpec spec(String target) {
            return MountSpec.of(target, "memory");
        }
    }

    /// A directory of the host, with one for its copies.
    private static MountSpec host(String target, Path directory) throws IOException {
        var tree = Files.createDirectory(directory.resolve("tree"));
        var kept = Files.createDirectory(directory.resolve("kept"));
        return MountSpec.of(target, "host", tree.toString())
                .withOption("snapshots", kept.toString());
    }

    @Nested
    class Host extends Mounted {

        @TempDir Path directory;

        @Override
        protected MountSpec spec(String target) throws IOException {
            return host(target, directory);
        }
    }

    /// What a directory of the host needs for it, and what it lets programs do meanwhile.
    @Test
    @Timeout(60)
    void programsGoOnWhileTheHostCopies(@TempDir Path directory) throws Exception {
        var with = host("/with", directory);
        var without = MountSpec.of("/without", "host", with.source());
        var vfs = MigrationTest.vfs();
        try (var namespace = vfs.namespace(List.of(MountSpec.of("/", "memory"), without, with));
                var context = vfs.context(namespace, Credentials.ROOT)) {
            var message = refused(() -> namespace.snapshots(context, "/without"));
            assertTrue(message.contains("snapshots=DIRECTORY"), message);
            var snapshots = namespace.snapshots(context, "/with");
            var phases = EnumSet.noneOf(Phase.class);
            snapshots.take(
                    "one",
                    (phase, _, _, _) -> {
                        // It would wait for ever.
                        if (phase == Phase.COPY)
                            namespace.makeDirectory(context, null, "/with/made", 0755);
                        phases.add(phase);
                        return true;
                    });
            assertTrue(phases.containsAll(List.of(Phase.COPY, Phase.FREEZE, Phase.DONE)));
            namespace.unlink(context, null, "/with/made", MountNamespace.AT_REMOVEDIR);
            snapshots.restore("one", MigrationProgress.NONE);
            assertTrue(Files.isDirectory(Path.of(with.source(), "made")));
            fails(Errno.EBUSY, () -> unmountsMeanwhile(snapshots, namespace, context));
            assertEquals(1, snapshots.list().size());
        }
    }

    private static void unmountsMeanwhile(
            Snapshots snapshots, MountNamespace namespace, FsContext context) {
        snapshots.take(
                "two",
                (_, _, _, _) -> {
                    namespace.unmount(context, "/with", false);
                    return true;
                });
    }

    @Nested
    class Store extends Mounted {

        @TempDir Path directory;

        @Override
        protected MountSpec spec(String target) {
            return MountSpec.of(target, "store", directory.toString());
        }
    }

    /// Over a layer with something in it.
    private static MountSpec over(Path lower, MountSpec spec) throws IOException {
        Files.createDirectories(lower.resolve("there/deep"));
        Files.writeString(lower.resolve("there/deep/file"), "lower");
        return spec.withOption("lower.1", "host").withOption("lower.1.source", lower.toString());
    }

    @Nested
    class Sqlite extends Mounted {

        @TempDir Path directory;

        @Override
        protected MountSpec spec(String target) {
            return MountSpec.of(target, "sqlite", directory.resolve("data.db").toString());
        }
    }

    @Nested
    class OverlayOfMemory extends Mounted {

        @TempDir Path directory;

        @Override
        protected MountSpec spec(String target) throws IOException {
            return over(directory, MountSpec.of(target, "overlay").withOption("upper", "memory"));
        }
    }

    @Nested
    class OverlayOfStore extends Mounted {

        @TempDir Path directory;
        @TempDir Path lower;

        @Override
        protected MountSpec spec(String target) throws IOException {
            return over(
                    lower,
                    MountSpec.of(target, "overlay")
                            .withOption("upper", "store")
                            .withOption("upper.source", directory.toString()));
        }
    }

    @Nested
    class OverlayOverNothing extends Mounted {

        @Override
        protected MountSpec spec(String target) {
            return MountSpec.of(target, "overlay")
                    .withOption("upper", "memory")
                    .withOption("lower.1", "memory");
        }
    }

    @Test
    void whoKeepsNoneIsToldWhy(@TempDir Path directory) throws Exception {
        var tree = Files.createDirectory(directory.resolve("tree"));
        var kept = Files.createDirectory(directory.resolve("kept"));
        var overlay =
                MountSpec.of("/o", "overlay")
                        .withOption("upper", "host")
                        .withOption("upper.source", tree.toString())
                        // a restore of the host's gives inodes other numbers
                        .withOption("upper.snapshots", kept.toString())
                        .withOption("lower.1", "memory");
        var readOnly =
                MountSpec.of("/r", "overlay")
                        .withOption("upper", "memory")
                        .withOption("lower.1", "memory")
                        .asReadOnly();
        var vfs = MigrationTest.vfs();
        try (var namespace =
                        vfs.namespace(List.of(MountSpec.of("/", "memory"), overlay, readOnly));
                var context = vfs.context(namespace, Credentials.ROOT)) {
            assertEquals(
                    "/o is of type overlay with an upper layer of type host, which keeps no"
                            + " snapshots: 'fs migrate' moves it to one that does",
                    refused(() -> namespace.snapshots(context, "/o")));
            assertEquals(
                    "/r is of type overlay and read-only, and so keeps no snapshots: mount it to be"
                            + " written",
                    refused(() -> namespace.snapshots(context, "/r")));
        }
    }
}
