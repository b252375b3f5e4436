/// POSIX file system calls as an interface with several implementations, so that the same
/// operations
/// can be done on native Linux, which is the oracle, and on what is tested, and their results
/// compared.
@Export
@Version("0.1.0")
@NullMarked
package podium.testkit.posix;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
