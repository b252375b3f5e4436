package podium.vfs;

/// Is told how far a move is ([MountNamespace#migrate]), in every phase, after every portion of at
/// most 1 MiB, and may end it. So it is of a snapshot that is copied ([Snapshots]), after longer
/// portions.
@FunctionalInterface
public interface MigrationProgress {

    /// Tells nobody and never ends it.
    MigrationProgress NONE = (_, _, _, _) -> true;

    /// Called by the thread that moves. While calls are held ([Phase#FREEZE], [Phase#COMMIT]) it
    /// must return at once.
    ///
    /// @param inodes copied so far
    /// @param bytes of content so far; changes are counted again
    /// @param tail inodes and names that have changed since they were copied
    /// @return whether to go on; not looked at from [Phase#COMMIT] on
    boolean advanced(Phase phase, long inodes, long bytes, long tail);

    /// What a move does.
    enum Phase {

        /// Copies all there is, while programs go on.
        COPY,

        /// Copies what has changed meanwhile, in rounds.
        CATCH_UP,

        /// Compares, while programs go on.
        VERIFY,

        /// Holds calls, copies what is left and compares that.
        FREEZE,

        /// It is decided: the mount's record, if it has one, names the new file system.
        COMMIT,

        /// Programs use the new file system.
        DONE
    }
}
