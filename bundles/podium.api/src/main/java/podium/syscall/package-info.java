/// System calls: what a family of them is, and the kernel objects it works on.
///
/// Lock order, outermost first: process, descriptor table, open file, wait queue. A
/// [podium.syscall.Pollable.Watcher] is called with any of them held and takes none.
@Export
@NullMarked
@Version("0.4.0")
package podium.syscall;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
