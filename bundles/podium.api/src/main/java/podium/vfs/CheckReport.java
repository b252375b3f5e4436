package podium.vfs;

/// Is told what a check finds ([FileSystemType#check]), by the thread that checks.
@FunctionalInterface
public interface CheckReport {

    /// Something is not as it was written.
    ///
    /// @param line for people
    void problem(String line);

    /// What else there is to say: figures, what a crash has left, what was done.
    ///
    /// @param line for people
    default void note(String line) {}

    /// How far it is.
    ///
    /// @param files looked at
    /// @param bytes read
    /// @param total bytes to read in all, 0 when that is not known
    /// @return whether to go on
    default boolean progress(long files, long bytes, long total) {
        return true;
    }
}
