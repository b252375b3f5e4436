/// Runs the tests of WASI's own test suite, a module and a manifest each.
@NullMarked
package podium.buildtool.wasi;

import org.jspecify.annotations.NullMarked;
