/// Linux's ext2, ext3 and ext4, read-only: of an image of a file system, each time what is asked
/// for, and nothing of it believed before it was checked. (Linux kernel's documentation,
/// filesystems/ext4.)
///
/// Whatever leads from one block to another goes down a level of a bounded number, so that no
/// damage
/// leads round in circles.
@NullMarked
package podium.vfs.image.ext;

import org.jspecify.annotations.NullMarked;
