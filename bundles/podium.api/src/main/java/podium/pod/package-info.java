/// What an embedder uses: pods, what they are made from, and the programs in them.
@Export
@NullMarked
@Version("0.2.0")
package podium.pod;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
