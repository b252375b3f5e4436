package podium.vfs;

/// Makes file systems: a service, one a backend. Several may be registered under one name; the
/// highest service ranking wins.
public interface FileSystemType {

    /// As a mount names it, such as `memory`. Constant.
    String name();

    /// Makes a file system.
    ///
    /// @throws MountException the options are wrong or the source cannot be had; one line for
    ///     people
    FileSystem create(MountSpec spec) throws MountException;
}
