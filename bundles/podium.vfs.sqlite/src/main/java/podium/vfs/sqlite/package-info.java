/// A durable file system in a SQLite database: inodes, names and pieces of content are rows.
///
/// Lock order: [Tree]'s sync lock; its write lock, under which all changes happen, one at a time;
/// an inode's monitor. What readers need is published when a change is committed: they take a
/// connection of their own from [Readers], and none of these locks but, at times, the second.
@NullMarked
package podium.vfs.sqlite;

import org.jspecify.annotations.NullMarked;
