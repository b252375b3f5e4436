/// A directory of the host, and nothing above it, as a file system.
///
/// Lock order: [HostFileSystem#names], then a node's monitor, [Watches]' one, [Descriptors]' one,
/// [Instance]'s for marks. A file's lock for transfers is taken before its monitor. The thread that
/// reads what the host tells is waited for with none of them.
@NullMarked
package podium.vfs.host;

import org.jspecify.annotations.NullMarked;
