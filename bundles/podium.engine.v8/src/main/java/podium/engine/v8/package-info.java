/// Runs WebAssembly on V8, by way of Javet.
///
/// Locks: [Isolate] has two monitors, its own for who is inside and the gate for who may be
/// stopped; the second may be taken inside the first, and nothing is called inside either but V8's
/// termination.
@NullMarked
package podium.engine.v8;

import org.jspecify.annotations.NullMarked;
