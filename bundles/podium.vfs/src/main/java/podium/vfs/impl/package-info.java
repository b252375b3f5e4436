/// Path walk, mount table and entry cache.
///
/// (The package podium.vfs itself is the API's, and no bundle may hold a second copy of it.)
@NullMarked
package podium.vfs.impl;

import org.jspecify.annotations.NullMarked;
