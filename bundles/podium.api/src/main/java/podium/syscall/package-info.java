/// System-call families, errno and what a call may touch.
@Export
@Version("0.1.0")
@NullMarked
package podium.syscall;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
