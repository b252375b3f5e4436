/// A pod's files for [java.nio.file.Files]. Everything here goes through the VFS's own interfaces,
/// as a guest's system calls do.
///
/// Locks: a file system's set of what is open, before a watch service's keys, before a key's
/// events. None is held while the VFS is called, but a watch service's while a directory's watch is
/// added or removed.
@NullMarked
package podium.vfs.nio;

import org.jspecify.annotations.NullMarked;
