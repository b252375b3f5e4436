/// What compiled classes call, and the objects they work on: instances, memories, tables.
@NullMarked
package podium.engine.jvm.runtime;

import org.jspecify.annotations.NullMarked;
