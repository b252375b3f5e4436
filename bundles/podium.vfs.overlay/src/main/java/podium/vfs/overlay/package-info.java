/// File systems laid over each other.
///
/// Lock order: a leaf's lock for its content, then [OverlayFileSystem#tree], then a node's monitor.
/// Content is never copied while the tree is locked. Whoever restores a snapshot has the tree for
/// writing; what is read without it is read again when one was restored meanwhile.
@NullMarked
package podium.vfs.overlay;

import org.jspecify.annotations.NullMarked;
