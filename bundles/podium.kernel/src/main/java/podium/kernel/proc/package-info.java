/// The file system type `proc` (proc(5)): processes and the machine as files. What is shown is the
/// pod and its limits, never the host.
@NullMarked
package podium.kernel.proc;

import org.jspecify.annotations.NullMarked;
