/// A read-only file system out of a bundle or a zip file.
@NullMarked
package podium.vfs.image;

import org.jspecify.annotations.NullMarked;
