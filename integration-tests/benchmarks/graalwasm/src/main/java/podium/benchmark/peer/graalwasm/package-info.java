/// GraalWasm, as a peer of Podium's engines.
@NullMarked
package podium.benchmark.peer.graalwasm;

import org.jspecify.annotations.NullMarked;
