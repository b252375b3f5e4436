/// What is measured inside a container, by a bundle that the benchmark puts into one.
@NullMarked
package podium.benchmark.container;

import org.jspecify.annotations.NullMarked;
