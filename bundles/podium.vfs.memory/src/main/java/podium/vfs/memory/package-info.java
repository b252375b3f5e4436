/// A file system that lives in memory.
@NullMarked
package podium.vfs.memory;

import org.jspecify.annotations.NullMarked;
