/// A directory of the host, and nothing above it, as a file system.
///
/// Lock order: [HostFileSystem#names], then a node's monitor, then [Descriptors]' one. A file's
/// lock
/// for transfers is taken before its monitor.
@NullMarked
package podium.vfs.host;

import org.jspecify.annotations.NullMarked;
