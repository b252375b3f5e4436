/// How servers inside pods reach the world.
@Export
@NullMarked
@Version("0.1.0")
package podium.portal;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
