/// What writable file systems share. Each has a copy of its own in its bundle.
@NullMarked
package podium.vfs.backend;

import org.jspecify.annotations.NullMarked;
