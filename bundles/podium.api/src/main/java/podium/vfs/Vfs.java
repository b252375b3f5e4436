package podium.vfs;

import java.util.List;
import podium.syscall.Credentials;

/// The virtual file system. A service.
public interface Vfs {

    /// Makes a namespace with these mounts, in order; the first one's target is `/`.
    ///
    /// @throws MountException a type is unknown, or a mount fails; nothing is left mounted
    MountNamespace namespace(List<MountSpec> mounts) throws MountException;

    /// A process's first context: root and working directory at the namespace's root, umask 022.
    FsContext context(MountNamespace namespace, Credentials credentials);

    /// A copy for a child process, independent from then on.
    FsContext copy(FsContext context, java.util.function.Supplier<Credentials> credentials);

    /// Checks, and repairs, a source that is not mounted, by its type.
    ///
    /// @throws MountException as [FileSystemType#check], or the type is unknown
    CheckResult check(MountSpec spec, boolean repair, CheckReport report) throws MountException;

    /// A namespace for [java.nio.file.Files], as [podium.pod.Pod#fileSystem(Credentials)] says. To
    /// be closed before the namespace.
    ///
    /// @param name of what it belongs to: its paths' URIs are `podium://NAME/...`
    java.nio.file.FileSystem fileSystem(
            MountNamespace namespace, String name, Credentials credentials);
}
