/// What those who read or write tars share. Each has a copy of its own in its bundle.
@NullMarked
package podium.vfs.backend.pax;

import org.jspecify.annotations.NullMarked;
