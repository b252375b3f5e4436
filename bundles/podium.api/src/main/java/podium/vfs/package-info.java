/// The virtual file system: what a backend provides, and what the rest of the kernel calls.
@Export
@NullMarked
@Version("0.4.0")
package podium.vfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
