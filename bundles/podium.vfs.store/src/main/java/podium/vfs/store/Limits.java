package podium.vfs.store;

/// When the store does what it need not do at once.
///
/// @param segment bytes after which content goes to a new segment
/// @param dirty pages of content held in memory at most, until they go to a segment
/// @param pending bytes of records held in memory at most, until they are committed
/// @param journal bytes of commits, at least, before a journal is replaced by a shorter one
/// @param ahead bytes of zeros by which a journal is longer than what is in it
/// @param interval milliseconds after which changes are committed unasked; 0: never
public record Limits(int segment, int dirty, int pending, int journal, int ahead, int interval) {

    public static final Limits STANDARD =
            new Limits(32 << 20, 4096, 4 << 20, 8 << 20, 256 << 10, 5000);
}
