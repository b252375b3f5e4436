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

    /// Makes a writable file system whose content at first is that of another one, which is only
    /// read. The VFS calls this for a mount with the option `base`, which names the other one's
    /// type.
    ///
    /// @param base closed with the result, or by the caller when this fails
    /// @throws MountException as [#create(MountSpec)], or it takes no base
    default FileSystem create(MountSpec spec, FileSystem base) throws MountException {
        throw new MountException("a file system of type " + name() + " takes no base");
    }
}
