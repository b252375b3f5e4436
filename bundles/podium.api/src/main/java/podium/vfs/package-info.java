/// File systems, inodes and mounts.
@Export
@Version("0.1.0")
@NullMarked
package podium.vfs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
