/// Runs scripts of WebAssembly's own test suite (`.wast`) on an engine.
@NullMarked
package podium.buildtool.wast;

import org.jspecify.annotations.NullMarked;
