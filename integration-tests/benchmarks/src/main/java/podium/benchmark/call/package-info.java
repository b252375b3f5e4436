/// What a call costs: system calls through the kernel, and calls across the border of an engine.
@NullMarked
package podium.benchmark.call;

import org.jspecify.annotations.NullMarked;
