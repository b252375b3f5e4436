package podium.kernel.proc;

import java.util.EnumSet;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.kernel.PodTable;
import podium.syscall.PodContext;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;

/// Makes file systems of type `proc`. The option `pod` says whose; without it, it is that of the
/// guest that mounts.
@Component(service = FileSystemType.class)
public final class ProcFileSystemType implements FileSystemType {

    private static final String POD = "pod";

    private final PodTable pods;

    @Activate
    public ProcFileSystemType(@Reference PodTable pods) {
        this.pods = pods;
    }

    @Override
    public String name() {
        return "proc";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        if (!Set.of(POD).containsAll(spec.options().keySet()))
            throw new MountException("a proc file system has no options but '" + POD + "'");
        var name = spec.options().get(POD);
        PodContext current = PodTable.current();
        // The pod that is being made is entered only after its mounts.
        if (name == null && current == null)
            throw new MountException(
                    "a proc file system is mounted by a guest, or says whose it is");
        var owner = name != null ? name : java.util.Objects.requireNonNull(current).name();
        return new ProcFileSystem(new ProcTree(() -> pods.context(owner)));
    }

    private record ProcFileSystem(ProcTree tree) implements FileSystem {

        private static final long PROC_SUPER_MAGIC = 0x9fa0;

        @Override
        public Node.Directory root() {
            return tree.root();
        }

        @Override
        public boolean stable() {
            return false;
        }

        @Override
        public Set<Capability> capabilities() {
            return EnumSet.of(
                    Capability.SYMBOLIC_LINKS,
                    Capability.CASE_SENSITIVE,
                    Capability.ARBITRARY_NAMES);
        }

        @Override
        public Statistics statistics() {
            return new Statistics(PROC_SUPER_MAGIC, 4096, 0, 0, 0, 0);
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }
}
