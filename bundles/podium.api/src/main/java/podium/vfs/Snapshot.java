package podium.vfs;

/// What is known of a snapshot ([Snapshots#list]).
///
/// @param taken nanoseconds since the epoch
/// @param inodes in it
/// @param bytes of content held, as its files' [Attributes#blocks] say
/// @param own of these, bytes that are free when it alone is deleted
public record Snapshot(String name, long taken, long inodes, long bytes, long own) {

    private static final int LONGEST = 64;

    /// Whether a text can be a snapshot's name: 1 to 64 ASCII letters, digits and `.`, `_`, `-`,
    /// `+`, `:`, of which the first one is a letter or a digit.
    public static boolean isName(String text) {
        return text.length() <= LONGEST && text.matches("[A-Za-z0-9][A-Za-z0-9._+:-]*");
    }
}
