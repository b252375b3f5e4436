/// What compiled classes call, and the objects they work on: instances, memories, tables.
package podium.engine.jvm.runtime;
