package podium.vfs;

/// What of an inode's attributes to change; null leaves as it is. The backend sets ctime with every change.
///
/// @param mode permission bits
/// @param accessed nanoseconds since the epoch
/// @param modified nanoseconds since the epoch
public record AttributeChange(Integer mode, Integer uid, Integer gid, Long accessed, Long modified) {

    public static AttributeChange mode(int mode) {
        return new AttributeChange(mode, null, null, null, null);
    }

    public static AttributeChange owner(Integer uid, Integer gid) {
        return new AttributeChange(null, uid, gid, null, null);
    }

    public static AttributeChange times(Long accessed, Long modified) {
        return new AttributeChange(null, null, null, accessed, modified);
    }
}
