package podium.vfs;

/// Makes file systems: a service, one a backend. Several may be registered under one name; the
/// highest service ranking wins.
///
/// When the service leaves, so do its file systems: a mount with the option `drain=TYPE[:SOURCE]`
/// (and `drain.*`, options of that type) moves there ([MountNamespace#migrate]) while the service
/// waits. Any other mount is held, as far as something is changed or looked up, until a type of the
/// same name is provided again, and goes on with the file system it has. After ten seconds that is
/// closed, and every use is `EIO`. When the whole framework stops, nothing of this happens.
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

    /// Looks whether what a source holds is what was written, to the last byte; and, if asked to,
    /// brings it to the last state that makes sense, with what it cuts kept beside it (fsck(8)).
    /// Without problems, and without being asked, nothing is changed.
    ///
    /// @param spec source and options; its target means nothing
    /// @param repair whether to
    /// @throws MountException the type cannot; the source cannot be had, or is mounted, here or in
    ///     another process; the report wants no more; nothing can be saved. What was there still is
    default CheckResult check(MountSpec spec, boolean repair, CheckReport report)
            throws MountException {
        throw new MountException("file systems of type " + name() + " cannot be checked");
    }
}
