/// A durable file system in a bucket: what podium.vfs.store writes to a disk, written to a
/// directory of the host, and from there to objects.
///
/// Lock order: those of the store; [Replica]'s; [ObjectDisk]'s monitor; a file's lock, and its
/// monitor.
@NullMarked
package podium.vfs.object;

import org.jspecify.annotations.NullMarked;
