/// For engines: what a module's own debug information says. It is the module's, so nothing of it is
/// believed: what is malformed says nothing, and no input takes more than time in proportion to its
/// size.
@Export
@NullMarked
@Version("0.1.0")
package podium.engine.debug;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
