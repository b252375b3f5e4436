/// Read-only file systems out of bundles, archives, OCI images and ext2, ext3 and ext4.
/// [ImageFormat] is the list of formats.
@NullMarked
package podium.vfs.image;

import org.jspecify.annotations.NullMarked;
