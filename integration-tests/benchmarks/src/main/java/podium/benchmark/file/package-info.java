/// File systems: the same work on those of pods, on jimfs and on this machine's own, all of it
/// through `java.nio.file`.
@NullMarked
package podium.benchmark.file;

import org.jspecify.annotations.NullMarked;
