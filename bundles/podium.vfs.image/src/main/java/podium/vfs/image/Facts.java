package podium.vfs.image;

import podium.vfs.backend.ExtendedAttributes;

/// What a source tells of an inode besides its content. Times are nanoseconds since the epoch.
///
/// @param mode permission bits, or -1 when the source has none
public record Facts(
        int mode,
        int uid,
        int gid,
        long accessed,
        long modified,
        long changed,
        ExtendedAttributes extended) {

    /// What a source knows that tells a time at most: it belongs to the superuser.
    public static Facts of(int mode, long modified) {
        return new Facts(mode, 0, 0, modified, modified, modified, ExtendedAttributes.NONE);
    }
}
