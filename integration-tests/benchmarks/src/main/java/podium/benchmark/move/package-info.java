/// A mount that is moved again and again under programs that work on it.
@NullMarked
package podium.benchmark.move;

import org.jspecify.annotations.NullMarked;
