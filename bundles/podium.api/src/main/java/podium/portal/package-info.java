/// Transports that carry a listening guest port to the host.
@Export
@Version("0.1.0")
@NullMarked
package podium.portal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
