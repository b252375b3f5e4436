/// What to run and what came of it: pod specifications, pods, processes.
@Export
@Version("0.1.0")
@NullMarked
package podium.pod;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
