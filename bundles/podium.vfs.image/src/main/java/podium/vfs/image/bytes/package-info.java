/// Bytes at positions, as formats of images are read: of a file, a part of one, or unpacked.
@NullMarked
package podium.vfs.image.bytes;

import org.jspecify.annotations.NullMarked;
