/// From basic blocks to class files.
package podium.engine.jvm.emit;
