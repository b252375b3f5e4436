/// File systems laid over each other.
///
/// Lock order: a leaf's lock for its content, then [OverlayFileSystem#tree], then a node's monitor.
/// Content is never copied while the tree is locked.
@NullMarked
package podium.vfs.overlay;

import org.jspecify.annotations.NullMarked;
