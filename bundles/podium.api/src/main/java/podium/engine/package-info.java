/// The contract between the kernel and whatever executes WebAssembly. Nothing outside an engine's
/// bundle knows which engine it talks to.
@Export
@NullMarked
@Version("0.2.0")
package podium.engine;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
