package podium.vfs;

/// A place in a mount namespace: an inode under a mount, with the way that led there. It keeps the
/// mount busy while it is the root or working directory of a process or belongs to an open file.
///
/// Thread-safe; its path changes when a directory above it is renamed.
public interface Location {

    Node node();

    /// Attributes, with the mount taken into account.
    Attributes attributes();

    /// The mount's number, `st_dev`.
    long device();

    /// The path from the namespace's root; with ` (deleted)` behind it when the name is gone.
    String path();
}
