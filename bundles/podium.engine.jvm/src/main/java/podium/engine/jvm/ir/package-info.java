/// From instructions to expression trees in basic blocks, and how they are cut into methods.
@NullMarked
package podium.engine.jvm.ir;

import org.jspecify.annotations.NullMarked;
