/// Runs Node's own tests on the Node guest, and keeps the score.
@NullMarked
package podium.buildtool.node;

import org.jspecify.annotations.NullMarked;
