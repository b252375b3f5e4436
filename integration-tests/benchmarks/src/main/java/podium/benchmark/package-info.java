/// What the benchmarks have in common.
@NullMarked
package podium.benchmark;

import org.jspecify.annotations.NullMarked;
