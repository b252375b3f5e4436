/// How servers inside pods reach the world.
@Export
@Version("0.1.0")
package podium.portal;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
