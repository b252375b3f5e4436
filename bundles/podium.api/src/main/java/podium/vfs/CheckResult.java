package podium.vfs;

/// What a check has come to ([FileSystemType#check]).
///
/// @param problems how many there were
/// @param repaired whether there were some, and none is left
public record CheckResult(int problems, boolean repaired) {

    /// The exit code that fsck(8) has for it: 0, 1 for errors corrected, 4 for errors left.
    public int status() {
        if (problems == 0) return 0;
        return repaired ? 1 : 4;
    }
}
