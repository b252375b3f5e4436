/// Copies a tree that others change meanwhile into another file system, by inode, until both are
/// the same. It works on the nodes of two backends alone; what programs have open, and how they are
/// held while the last changes are copied, is the mount's business (podium.vfs.impl).
///
/// [DirtyLog] is for any thread; all else is for the one that copies.
@NullMarked
package podium.vfs.migrate;

import org.jspecify.annotations.NullMarked;
