/// Chicory, as a peer of Podium's engines.
@NullMarked
package podium.benchmark.peer.chicory;

import org.jspecify.annotations.NullMarked;
