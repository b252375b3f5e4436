/// How long engines take to begin.
@NullMarked
package podium.benchmark.start;

import org.jspecify.annotations.NullMarked;
