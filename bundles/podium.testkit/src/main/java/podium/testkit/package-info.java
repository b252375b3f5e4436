/// Contract suites: a provider's test extends one and gives it a factory method.
@Export
@Version("0.1.0")
@NullMarked
package podium.testkit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
