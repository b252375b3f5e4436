/// A durable file system: a journal of what changes, and content beside it that is written once.
///
/// Lock order: [Store]'s commit lock; its gate; the tree's monitor; an inode's monitor
/// (directories:
/// any order, as only holders of the tree's monitor hold two); tables, [Records], [Segments].
@NullMarked
package podium.vfs.store;

import org.jspecify.annotations.NullMarked;
