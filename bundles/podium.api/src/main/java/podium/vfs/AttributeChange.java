package podium.vfs;

import org.jspecify.annotations.Nullable;

/// What of an inode's attributes to change; null leaves as it is. The backend sets ctime with every
/// change.
///
/// @param mode permission bits
/// @param accessed nanoseconds since the epoch, or [#NOW]
/// @param modified nanoseconds since the epoch, or [#NOW]
public record AttributeChange(
        @Nullable Integer mode,
        @Nullable Integer uid,
        @Nullable Integer gid,
        @Nullable Long accessed,
        @Nullable Long modified) {

    /// The present time, as UTIME_NOW: the VFS puts the clock's time in before it calls a backend.
    public static final Long NOW = Long.MIN_VALUE;

    /// Whether it is what reading does (relatime): that leaves the inode's ctime as it is, and is
    /// not worth bringing to a disk by itself.
    public boolean isAccessOnly() {
        return accessed != null && modified == null && mode == null && uid == null && gid == null;
    }

    public static AttributeChange mode(int mode) {
        return new AttributeChange(mode, null, null, null, null);
    }

    public static AttributeChange owner(@Nullable Integer uid, @Nullable Integer gid) {
        return new AttributeChange(null, uid, gid, null, null);
    }

    public static AttributeChange times(@Nullable Long accessed, @Nullable Long modified) {
        return new AttributeChange(null, null, null, accessed, modified);
    }
}
