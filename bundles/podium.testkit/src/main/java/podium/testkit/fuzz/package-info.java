/// Random modules, valid and broken, for engines: whatever comes must end as the contract says, and
/// alike on all of them.
@Export
@Version("0.1.0")
@NullMarked
package podium.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
