/// Tools that run in the build: precompile a module, make a snapshot; never shipped.
@NullMarked
package podium.buildtool;

import org.jspecify.annotations.NullMarked;
