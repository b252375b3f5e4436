/// Pods, processes, tasks, file descriptors, pipes, readiness, signals and the system-call gate.
@NullMarked
package podium.kernel;

import org.jspecify.annotations.NullMarked;
