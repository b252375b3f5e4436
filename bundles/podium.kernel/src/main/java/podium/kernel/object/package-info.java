/// The kernel's own kinds of open files, which no file system makes.
///
/// Lock order, outermost first: epoll instance, the file it looks at. Watchers take no lock: an
/// epoll instance learns of readiness through a queue without one.
@NullMarked
package podium.kernel.object;

import org.jspecify.annotations.NullMarked;
