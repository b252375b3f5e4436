/// From basic blocks to class files.
@NullMarked
package podium.engine.jvm.emit;

import org.jspecify.annotations.NullMarked;
