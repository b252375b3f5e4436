/// Path walk, mount table and entry cache.
///
/// (The package podium.vfs itself is the API's, and no bundle may hold a second copy of it.)
///
/// Lock order, outermost first: namespace (mount table), its `renames`, directories' `names`
/// (several only under `renames`), the mount's gate, an inode's monitor, backend; an inode's
/// watchers come before the backend's [podium.vfs.ChangeSource] alone. An open file's monitor,
/// which guards its offset, comes before the backend's locks and with none of the others.
@NullMarked
package podium.vfs.impl;

import org.jspecify.annotations.NullMarked;
